// verify_ticks.mjs LIBRARY VECTORS.tsv -- ticks judged by JavaScript: LIBRARY is auth0 (the package
// @auth0/cose), cose-kit, or cbor-x (that package and WebCrypto, by RFC 9052 alone).  Every golden tick must be
// accepted, and refused with any single bit changed.  One library a process: both claim tag 18.
import {readFileSync} from 'node:fs';
import {webcrypto} from 'node:crypto';

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

const [library, path] = process.argv.slice(2);
const verify = await {auth0: byAuth0, 'cose-kit': byCoseKit, 'cbor-x': byCborX}[library]();
const rows = readFileSync(path, 'utf8').trim().split('\n').slice(1).map(line => line.split('\t'));
const keys = new Map();
for (const [, publicKey, kid] of rows) {
    keys.set(kid, await keyOf(hex(publicKey)));
}
let refused = 0;
for (const [name, , , tick] of rows) {
    const bytes = hex(tick);
    const payload = Buffer.from(await verify(bytes, keys));
    if (!Buffer.from(bytes).includes(payload) || payload.length < 40) {
        throw new Error(`${name}: another payload`);
    }
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const changed = Uint8Array.from(bytes);
        changed[bit >> 3] ^= 1 << (bit & 7);
        let accepted = true;
        try {
            if (changed[0] !== 0xd2) { // the contract's first byte: a library may overlook the tag
                throw new Error('not tagged');
            }
            await verify(changed, keys);
        } catch {
            accepted = false;
            refused++;
        }
        if (accepted) {
            console.error(`${name}: accepted with bit ${bit} changed`);
            process.exit(1);
        }
    }
}
console.log(`${library}: ${rows.length} good ticks accepted, ${refused} changed ones refused`);
