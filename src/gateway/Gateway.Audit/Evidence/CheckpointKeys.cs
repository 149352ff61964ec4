using System.Security.Cryptography;
using System.Text;
using Gateway.Audit.Directories;

namespace Gateway.Audit.Evidence;

/// <summary>
/// The keys that sign checkpoints (ECDSA P-256): one, or two while a new key replaces an old one. Signatures have the
/// form of C2SP signed-note, type 2.
/// </summary>
public sealed class CheckpointKeys : IDisposable
{
    private const string SignatureStart = "— ";
    private const string PublicLabel = "PUBLIC KEY";
    private const int IdBytes = 4;
    private const int KeysMax = 2;
    private const int SignaturesMax = 16;
    private const int P256Bits = 256;
    private readonly List<ECDsa> _keys;

    private CheckpointKeys(List<ECDsa> keys)
    {
        _keys = keys;
        Public = [.. keys.Select(static key => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()))];
    }

    /// <summary>The public keys, as SubjectPublicKeyInfo in Base64.</summary>
    public IReadOnlyList<string> Public { get; }

    /// <summary>
    /// Reads the keys of a file, or creates the file if it does not exist and <paramref name="isMade"/> is true.
    /// </summary>
    /// <exception cref="IOException">
    /// The file cannot be read or contains no usable key; the message describes the remedy.
    /// </exception>
    public static CheckpointKeys Open(string path, bool isMade)
    {
        try
        {
            if (isMade && !File.Exists(path))
                Make(path);
            var keys = Read(File.ReadAllText(path));
            if (keys.Count is > 0 and <= KeysMax)
                return new CheckpointKeys(keys);
            keys.ForEach(static key => key.Dispose());
            throw new CryptographicException($"it contains {keys.Count} private keys");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException
            or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The checkpoint key {Path.GetFullPath(path)} of the audit log cannot be used: {e.Message}. The "
                + "file must contain one ECDSA P-256 private key as PEM, or two with the new one first. To create one: "
                + "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256", e);
        }
    }

    /// <summary>
    /// Reads the public keys of a PEM text that contains public or private keys, as SubjectPublicKeyInfo in Base64.
    /// </summary>
    /// <exception cref="CryptographicException">A key is not an ECDSA P-256 key.</exception>
    public static IReadOnlyList<string> ReadPublic(string pem)
    {
        var keys = Read(pem, isPublic: true);
        try
        {
            return [.. keys.Select(static key => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()))];
        }
        finally
        {
            keys.ForEach(static key => key.Dispose());
        }
    }

    /// <summary>Returns the checkpoint's text with one signature per key.</summary>
    public string Sign(Checkpoint checkpoint)
    {
        var text = checkpoint.Text();
        var note = new StringBuilder(text).Append('\n');
        foreach (var key in _keys)
        {
            var signature = key.SignData(
                Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            byte[] signed = [.. Id(key.ExportSubjectPublicKeyInfo()), .. signature];
            note.Append(SignatureStart).Append(checkpoint.Origin).Append(' ')
                .Append(Convert.ToBase64String(signed)).Append('\n');
        }

        return note.ToString();
    }

    /// <summary>Returns the signed part of a note.</summary>
    public static string TextOf(string note)
    {
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        return end < 0 ? note : note[..(end + 1)];
    }

    /// <summary>Returns the public keys that signed the note.</summary>
    public static IReadOnlyList<string> Signers(string note, IEnumerable<string> publicKeys)
    {
        var text = Encoding.UTF8.GetBytes(TextOf(note));
        var signatures = note.Split('\n')
            .Where(static line => line.StartsWith(SignatureStart, StringComparison.Ordinal))
            .Take(SignaturesMax).Select(static line => Decode(line[(line.LastIndexOf(' ') + 1)..]))
            .Where(static signature => signature.Length > IdBytes).ToList();
        return [.. publicKeys.Where(key => HasSigned(key, text, signatures))];
    }

    /// <summary>Returns a key's name for people: the start of its digest.</summary>
    public static string NameOf(string publicKey) => Convert.ToHexStringLower(Id(Decode(publicKey)));

    /// <inheritdoc/>
    public void Dispose() => _keys.ForEach(static key => key.Dispose());

    private static bool HasSigned(string publicKey, byte[] text, List<byte[]> signatures)
    {
        var spki = Decode(publicKey);
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(spki, out _);
        }
        catch (CryptographicException)
        {
            return false;
        }

        return signatures.Any(signature => signature.AsSpan(0, IdBytes).SequenceEqual(Id(spki)) && key.VerifyData(
            text, signature.AsSpan(IdBytes), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    private static byte[] Id(byte[] spki) => SHA256.HashData(spki)[..IdBytes];

    private static byte[] Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : [];
    }

    private static List<ECDsa> Read(string pem, bool isPublic = false)
    {
        var keys = new List<ECDsa>();
        for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
        {
            var label = rest[found.Label];
            // openssl writes the curve's parameters before the key.
            if (label is "EC PARAMETERS" || (label is PublicLabel && !isPublic))
                continue;
            var key = ECDsa.Create();
            keys.Add(key);
            key.ImportFromPem(rest[found.Location]);
            if (key.KeySize != P256Bits)
                throw new CryptographicException($"a key of {key.KeySize} bits is not on the curve P-256");
        }

        return keys;
    }

    private static void Make(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = path + ".new";
        using (var file = DataDirectory.Owned(made, FileMode.Create, FileShare.None))
        {
            file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(made, path);
    }
}
