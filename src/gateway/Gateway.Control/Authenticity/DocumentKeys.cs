using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Documents;

namespace Gateway.Control.Authenticity;

/// <summary>
/// The secret keys that authenticate control documents. They are kept outside the store, so that database rights alone
/// do not suffice to forge a document. The first key signs; the others only verify, for rotation.
/// </summary>
public sealed class DocumentKeys
{
    /// <summary>
    /// The minimum length of a key in bytes: the output length of HMAC-SHA-256 (RFC 2104, section 3).
    /// </summary>
    public const int KeyBytesMin = 32;

    // Part of every authentication code, so that a key that is also used elsewhere produces different codes there.
    private static readonly byte[] Domain = "policy-gateway control document 1\n"u8.ToArray();
    private readonly (string Id, byte[] Key)[] _keys;

    private DocumentKeys((string Id, byte[] Key)[] keys) => _keys = keys;

    /// <summary>The id of the key that signs: public, derived from the key.</summary>
    public string CurrentId => _keys[0].Id;

    /// <summary>Reads a file with one base64 key per line, the signing key first; <c>#</c> begins a comment.</summary>
    /// <exception cref="ControlStoreException">The file cannot be read, or a line is not a key.</exception>
    public static DocumentKeys Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ControlStoreException($"The store key file {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads the text of a key file.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <exception cref="ControlStoreException">A line is not a key, or the text contains no key.</exception>
    public static DocumentKeys Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        var keys = new List<(string, byte[])>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.Trim() is not { Length: > 0 } key || key[0] == '#')
                continue;
            var bytes = new byte[key.Length];
            if (!Convert.TryFromBase64String(key, bytes, out var length) || length < KeyBytesMin)
            {
                throw new ControlStoreException(
                    $"{path}:{number} is not a store key: write at least {KeyBytesMin} random bytes in base64, for "
                    + "example the output of: openssl rand -base64 32");
            }

            Array.Resize(ref bytes, length);
            keys.Add((Convert.ToHexStringLower(SHA256.HashData(bytes))[..16], bytes));
        }

        return keys.Count > 0
            ? new DocumentKeys([.. keys])
            : throw new ControlStoreException(
                $"{path} contains no store key. Create one with: openssl rand -base64 32 > {path}");
    }

    /// <summary>Authenticates a document, or its deletion, under the signing key.</summary>
    internal DocumentMac Sign(ControlKey key, long after, byte[]? content) => new(
        CurrentId, after, Convert.ToBase64String(Compute(_keys[0].Key, key, after, content, content is null)),
        content is null);

    /// <summary>Returns true if one of the keys made this code for this document, or for its deletion.</summary>
    internal bool Verify(DocumentMac mac, ControlKey key, ReadOnlySpan<byte> content)
    {
        var known = Array.Find(_keys, one => one.Id == mac.Key);
        if (known.Key is null)
            return false;
        Span<byte> code = stackalloc byte[SHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(mac.Mac, code, out var length)
            && length == code.Length
            && CryptographicOperations.FixedTimeEquals(
                code, Compute(known.Key, key, mac.After, mac.Deleted ? default : content, mac.Deleted));
    }

    private static byte[] Compute(
        byte[] secret, ControlKey key, long after, ReadOnlySpan<byte> content, bool isDeleted)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Domain);
        Append(hash, key.Kind);
        Append(hash, key.Name);
        Span<byte> number = stackalloc byte[sizeof(long) + 1];
        BinaryPrimitives.WriteInt64BigEndian(number, after);
        number[^1] = isDeleted ? (byte)1 : (byte)0;
        hash.AppendData(number);
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }

    // Each part is preceded by its length, so that no two different sequences of parts give the same bytes.
    private static void Append(IncrementalHash hash, string part)
    {
        var bytes = Encoding.UTF8.GetBytes(part);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
