// verify_ticks.mjs LIBRARY VECTORS.tsv ANSWERS.tsv -- ticks and answers judged by JavaScript: LIBRARY is auth0 (the
// package @auth0/cose), cose-kit, or cbor-x (that package and WebCrypto, by RFC 9052 alone).  Every golden one must
// be accepted, and refused with any single bit changed.  One library a process: both claim tag 18.
import {readFileSync} from 'node:fs';
import {webcrypto} from 'node:crypto';
import {blake2b} from '@noble/hashes/blake2.js';

const hex = text => Uint8Array.from(Buffer.from(text, 'hex'));

// The key that a kid names: eight bytes, never a text that reads the same.
function find(keys, kid) {
    const key = kid instanceof Uint8Array ? keys.get(Buffer.from(kid).toString('hex')) : undefined;
    if (key === undefined) {
        throw new Error('unknown key');
    }
    return key;
}

async function keyOf(raw) {
    return webcrypto.subtle.importKey('raw', raw, {name: 'Ed25519'}, true, ['verify']);
}

async function byAuth0() {
    const {Sign1} = await import('@auth0/cose');
    return async (bytes, keys) => {
        const message = Sign1.decode(bytes);
        if (message.protectedHeaders.get(16) !== 'tocsin-tick' || ![-8, -19].includes(message.protectedHeaders.get(1))) {
            throw new Error('not a tick');
        }
        await message.verify(find(keys, message.unprotectedHeaders.get(4)));
        return message.payload;
    };
}

async function byCoseKit() {
    const {coseVerify} = await import('cose-kit');
    return async (bytes, keys) => {
        const {isValid, decoded} = await coseVerify(bytes, message => find(keys, message.unprotectedHeaders.get(4)));
        if (!isValid || decoded.protectedHeaders.get(16) !== 'tocsin-tick' || ![-8, -19].includes(decoded.protectedHeaders.get(1))) {
            throw new Error('not a tick');
        }
        return decoded.payload;
    };
}

async function byCborX() {
    const {Encoder, Tag} = await import('cbor-x');
    const cbor = new Encoder({mapsAsObjects: false, useRecords: false, tagUint8Array: false});
    return async (bytes, keys) => {
        const message = cbor.decode(bytes);
        if (!(message instanceof Tag) || message.tag !== 18 || message.value.length !== 4) {
            throw new Error('not a COSE_Sign1');
        }
        const [head, open, payload, signature] = message.value;
        const header = cbor.decode(head);
        if (header.get(16) !== 'tocsin-tick' || ![-8, -19].includes(header.get(1))) {
            throw new Error('not a tick');
        }
        const key = find(keys, open.get(4));
        const signed = cbor.encode(['Signature1', head, new Uint8Array(0), payload]);
        if (!await webcrypto.subtle.verify({name: 'Ed25519'}, key, signature, signed)) {
            throw new Error('wrong signature');
        }
        return payload;
    };
}

// An answer opened by hand, from tocsin-ticks(5): the bytes of its tick if its way up leads to the echo that the
// tick carries.  The tick's signature is left to the library.
function prove(bytes, nonce) {
    let at = 0;
    function head(major) {
        if (at >= bytes.length || bytes[at] >> 5 !== major || (bytes[at] & 31) > 27) {
            throw new Error('another form');
        }
        const info = bytes[at++] & 31;
        if (info < 24) {
            return BigInt(info);
        }
        const size = 1 << (info - 24);
        if (at + size > bytes.length) {
            throw new Error('cut off');
        }
        let value = 0n;
        for (let i = 0; i < size; i++) {
            value = value << 8n | BigInt(bytes[at++]);
        }
        if (value < [24n, 0x100n, 0x10000n, 0x100000000n][info - 24]) {
            throw new Error('not the shortest form');
        }
        return value;
    }
    function string() {
        const size = Number(head(2));
        if (size > bytes.length - at) {
            throw new Error('cut off');
        }
        at += size;
        return bytes.subarray(at - size, at);
    }
    const hash = (...parts) => blake2b(Buffer.concat(parts.map(part => Uint8Array.from(part))), {dkLen: 32});
    if (head(4) !== 5n) {
        throw new Error('not five parts');
    }
    const tick = string();
    let index = Number(head(0));
    let leaves = Number(head(0));
    const siblings = Array.from({length: Math.min(15, Number(head(4)))}, string);
    const received = Buffer.alloc(8);
    received.writeBigUInt64BE(head(0));
    if (index >= leaves || leaves > 16384 || at !== bytes.length || siblings.some(one => one.length !== 32)) {
        throw new Error('not an answer');
    }
    let here = hash([0], nonce, received);
    for (; leaves > 1; index >>= 1, leaves = leaves + 1 >> 1) {
        if ((index ^ 1) < leaves) {
            const beside = siblings.shift() ?? new Uint8Array(0);
            here = index % 2 === 0 ? hash([1], here, beside) : hash([1], beside, here);
        }
    }
    // The echo is the last field of an answering tick's payload: 0b 58 20 and 32 bytes, then 58 40 and the signature.
    const echo = tick.subarray(tick.length - 66 - 32, tick.length - 66);
    if (siblings.length > 0 || tick.length < 140 || Buffer.compare(Buffer.from(echo), Buffer.from(here)) !== 0) {
        throw new Error('not the answer to this question');
    }
    return tick;
}

const [library, path, answersPath] = process.argv.slice(2);
const verify = await {auth0: byAuth0, 'cose-kit': byCoseKit, 'cbor-x': byCborX}[library]();
const read = from => readFileSync(from, 'utf8').trim().split('\n').slice(1).map(line => line.split('\t'));
const rows = read(path), answers = read(answersPath);
const keys = new Map();
for (const [, publicKey, kid] of [...rows, ...answers]) {
    keys.set(kid, await keyOf(hex(publicKey)));
}

// How many of the changed ones were refused, all but those that `mayStay` names.
async function refuseChanges(name, bytes, judge, mayStay = () => false) {
    let refused = 0;
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const changed = Uint8Array.from(bytes);
        changed[bit >> 3] ^= 1 << (bit & 7);
        let accepted = true;
        try {
            await judge(changed);
        } catch {
            accepted = false;
            refused++;
        }
        if (accepted && !mayStay(changed)) {
            console.error(`${name}: accepted with bit ${bit} changed`);
            process.exit(1);
        }
    }
    return refused;
}

async function judgeTick(bytes) {
    if (bytes[0] !== 0xd2) { // the first byte that tocsin-ticks(5) asks for: a library may overlook the tag
        throw new Error('not tagged');
    }
    return verify(bytes, keys);
}

let refused = 0;
for (const [name, , , tick] of rows) {
    const bytes = hex(tick);
    const payload = Buffer.from(await judgeTick(bytes));
    if (!Buffer.from(bytes).includes(payload) || payload.length < 40) {
        throw new Error(`${name}: another payload`);
    }
    refused += await refuseChanges(name, bytes, judgeTick);
}
console.log(`${library}: ${rows.length} good ticks accepted, ${refused} changed ones refused`);

refused = 0;
for (const [name, , , nonceHex, answer] of answers) {
    const bytes = hex(answer), nonce = hex(nonceHex);
    await judgeTick(prove(bytes, nonce));
    for (const [other, , , otherNonce] of answers) {
        let proved = true;
        try {
            prove(bytes, hex(otherNonce));
        } catch {
            proved = false;
        }
        if (proved !== (other === name)) {
            throw new Error(`${name} and the question of ${other}`);
        }
    }
    // The leaf count is not proved where the way up is the same: it stands behind the tick and the index.
    const tickEnd = 3 + bytes[2];
    refused += await refuseChanges(name, bytes, changed => judgeTick(prove(changed, nonce)),
        changed => changed.every((byte, i) => byte === bytes[i] || (i > tickEnd && i <= tickEnd + 6)));
}
console.log(`${library}: ${answers.length} good answers accepted, ${refused} changed ones refused`);
