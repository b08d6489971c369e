// The smallest page around RoomMedia: one socket, one video element per tile.
import { RoomMedia } from '/media.js';

const query = new URLSearchParams(location.search);
const tiles = new Map();
const offered = [];
let socket;

function connect() {
  socket = new WebSocket(`ws://${location.host}/socket${location.search}`);
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.type === 'offer') offered.push(message.sdp);
    media.handle(message);
  };
  return new Promise((done) => (socket.onopen = done));
}

const log = [];
const answers = [];
const views = {};
const media = new RoomMedia({
  signal(message) {
    if (message.type === 'answer') answers.push(message.sdp);
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  },
  onTile(seat, stream) {
    log.push([seat, stream !== null]);
    let video = tiles.get(seat);
    if (!stream) {
      video?.remove();
      tiles.delete(seat);
      return;
    }
    if (!video) {
      video = document.createElement('video');
      video.autoplay = true;
      video.playsInline = true;
      document.querySelector('main').append(video);
      tiles.set(seat, video);
    }
    video.srcObject = stream;
  },
  onSeat(view) {
    views[view.seat] = view;
  },
  onState(state) {
    log.push(state);
  },
  ask: {
    microphone: query.get('microphone') !== 'no',
    camera: query.get('camera') !== 'no',
  },
});

/** Per seat: frames decoded, sound packets and packets of both kinds. */
async function seen() {
  const found = {};
  for (const [seat, video] of tiles) {
    const ids = new Set(video.srcObject.getTracks().map((track) => track.id));
    found[seat] = { frames: 0, audio: 0, video: 0 };
    for (const entry of (await media.connection.getStats()).values()) {
      if (entry.type !== 'inbound-rtp' || !ids.has(entry.trackIdentifier)) continue;
      found[seat][entry.kind] = entry.packetsReceived;
      if (entry.kind === 'video') found[seat].frames = entry.framesDecoded ?? 0;
    }
  }
  return found;
}

/** All packets that came in, whatever the tiles say. */
async function arrived() {
  let packets = 0;
  for (const entry of (await media.connection.getStats()).values()) {
    if (entry.type === 'inbound-rtp') packets += entry.packetsReceived;
  }
  return packets;
}

async function statistics() {
  return [...(await media.connection.getStats()).values()];
}

window.test = { media, tiles, log, answers, offered, views, seen, arrived, statistics };
window.test.dropSocket = () => socket.close();
window.test.reconnect = async () => {
  await connect();
  media.rejoin();
};
connect().then(() => media.open());
