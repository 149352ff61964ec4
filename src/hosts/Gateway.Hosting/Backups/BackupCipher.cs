using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Hosting.Backups;

/// <summary>The failure to create, read or restore a backup file. The message says why, and what to do.</summary>
internal sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The passphrase or key file that encrypts a backup.</summary>
/// <param name="Text">The secret's bytes, without white space around them.</param>
/// <param name="IsPassphrase">
/// True for a passphrase, which PBKDF2 stretches; a key has full entropy and is not stretched.
/// </param>
internal sealed record BackupSecret(byte[] Text, bool IsPassphrase)
{
    public const int PassphraseLengthMin = 8;
    private const int KeyBytesMin = 32;

    /// <summary>Reads a file that contains a passphrase or a key.</summary>
    /// <exception cref="BackupException">The file cannot be read, or its secret is too short.</exception>
    public static BackupSecret FromFile(string path, bool isPassphrase)
    {
        try
        {
            var text = Bytes(path).AsSpan().Trim(" \t\r\n"u8).ToArray();
            var least = isPassphrase ? PassphraseLengthMin : KeyBytesMin;
            return text.Length >= least ? new BackupSecret(text, isPassphrase) : throw new BackupException(
                $"{(path == "-" ? "Standard input" : path)} has {text.Length} bytes; a "
                + $"{(isPassphrase ? "passphrase" : "key")} must have at least {least}. "
                + "Create one with: openssl rand -base64 32");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static byte[] Bytes(string path)
    {
        if (path != "-")
            return File.ReadAllBytes(path);
        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static BackupSecret Passphrase(string text) => new(Encoding.UTF8.GetBytes(text), IsPassphrase: true);
}

/// <summary>
/// The encrypted form of a backup: a header, then chunks of AES-256-GCM. The nonce of a chunk is its number and a flag
/// for the last one, and the header is authenticated with each chunk. A missing, moved, repeated or truncated chunk is
/// therefore detected. The key is derived from the secret and the file's own random salt, so no nonce is used twice.
/// </summary>
/// <remarks>
/// Header, little-endian: <c>GWBACKUP</c>, u32 format, u32 PBKDF2 iterations (0: a key file), 32 bytes of salt. Chunk:
/// u32 length with the highest bit set for the last one, ciphertext, 16 bytes of tag.
/// </remarks>
internal sealed class BackupCipher : IDisposable
{
    /// <summary>The format that this program writes, and the only one that it reads.</summary>
    public const int Format = 1;

    public const int ChunkBytes = 1024 * 1024;
    public const int TagBytes = 16;
    public const int HeaderBytes = 48;
    private const int Iterations = 600_000; // OWASP 2023, PBKDF2-HMAC-SHA-256
    private const int IterationsMax = 100_000_000; // a hostile header must not stop the reader for hours
    private const uint LastBit = 1u << 31;
    private static readonly byte[] Purpose = "policy-gateway backup 1"u8.ToArray();
    private readonly byte[] _header;
    private readonly AesGcm _aes;
    private ulong _number;

    private BackupCipher(byte[] header, BackupSecret secret, int iterations)
    {
        _header = header;
        var salt = header.AsSpan(16);
        var key = secret.IsPassphrase
            ? Rfc2898DeriveBytes.Pbkdf2(secret.Text, salt, iterations, HashAlgorithmName.SHA256, 32)
            : HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.Text, 32, salt.ToArray(), Purpose);
        _aes = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
    }

    private static ReadOnlySpan<byte> Mark => "GWBACKUP"u8;

    public ReadOnlySpan<byte> Header => _header;

    /// <summary>Creates a cipher for a new file.</summary>
    public static BackupCipher New(BackupSecret secret)
    {
        var header = new byte[HeaderBytes];
        Mark.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Format);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), secret.IsPassphrase ? Iterations : 0);
        RandomNumberGenerator.Fill(header.AsSpan(16));
        return new BackupCipher(header, secret, Iterations);
    }

    public static bool IsHeader(ReadOnlySpan<byte> start) => start.StartsWith(Mark);

    /// <summary>Creates the cipher of a file that begins with this header.</summary>
    /// <exception cref="BackupException">The header has another format, or needs another kind of secret.</exception>
    public static BackupCipher Of(byte[] header, BackupSecret? secret)
    {
        var format = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
        RequireFormat(format);
        var iterations = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
        if (iterations is < 0 or > IterationsMax)
            throw new BackupException("The header of the backup is damaged. Copy the file again, or use a different "
                + "backup.");
        var isPassphrase = iterations > 0;
        if (secret?.IsPassphrase != isPassphrase)
        {
            throw new BackupException(isPassphrase
                ? "The backup is encrypted with a passphrase: give --passphrase-file, or type it when prompted."
                : "The backup is encrypted with a key file: give that file with --key-file.");
        }

        return new BackupCipher(header, secret, iterations);
    }

    /// <exception cref="BackupException">The format is not the one that this program reads.</exception>
    public static void RequireFormat(int format)
    {
        if (format == Format)
            return;
        throw new BackupException(format > Format
            ? $"The backup has format {format}, and this gateway reads format {Format}: a newer gateway made it. "
                + "Restore the backup with that version."
            : $"The backup has format {format}, which no gateway writes: the file is damaged.");
    }

    /// <summary>Encrypts the next chunk, with its length and tag.</summary>
    public void Write(Stream to, ReadOnlySpan<byte> plain, bool isLast)
    {
        var chunk = new byte[sizeof(uint) + plain.Length + TagBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(chunk, (uint)plain.Length | (isLast ? LastBit : 0));
        _aes.Encrypt(
            Nonce(isLast), plain, chunk.AsSpan(sizeof(uint), plain.Length), chunk.AsSpan(^TagBytes), _header);
        to.Write(chunk);
    }

    /// <summary>Decrypts the next chunk.</summary>
    /// <exception cref="BackupException">
    /// The file ends early, or the chunk is not the one that was written here.
    /// </exception>
    public byte[] Read(Stream from, out bool isLast)
    {
        Span<byte> head = stackalloc byte[sizeof(uint)];
        Fill(from, head);
        var said = BinaryPrimitives.ReadUInt32LittleEndian(head);
        isLast = (said & LastBit) != 0;
        var length = said & ~LastBit;
        if (length > ChunkBytes)
            throw Damaged();
        var (cipher, tag, plain) = (new byte[length], new byte[TagBytes], new byte[length]);
        Fill(from, cipher);
        Fill(from, tag);
        var number = _number;
        try
        {
            _aes.Decrypt(Nonce(isLast), cipher, tag, plain, _header);
            return plain;
        }
        catch (AuthenticationTagMismatchException) when (number == 0)
        {
            throw new BackupException("The passphrase or key is not the passphrase or key that the backup was "
                + "encrypted with, or the beginning of the file is damaged.");
        }
        catch (AuthenticationTagMismatchException)
        {
            _number = number;
            throw Damaged();
        }
    }

    public void Dispose() => _aes.Dispose();

    private byte[] Nonce(bool isLast)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(nonce, _number++);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
        return nonce;
    }

    private void Fill(Stream from, Span<byte> buffer)
    {
        if (from.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
            throw new BackupException($"The backup is incomplete: the file ends in chunk {_number}. Copy the file "
                + "again, or use a different backup.");
    }

    private BackupException Damaged() =>
        new($"The backup is damaged: chunk {_number} is not the chunk that was written there. Copy the file again, or "
            + "use a different backup.");
}

/// <summary>A stream of sealed chunks in one direction.</summary>
internal sealed class SealedStream(Stream file, BackupCipher cipher, bool isWriting) : Stream
{
    private readonly MemoryStream _plain = new();
    private byte[] _read = [];
    private int _at;
    private bool _isLast;

    public override bool CanRead => !isWriting;

    public override bool CanWrite => isWriting;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_plain.Length == BackupCipher.ChunkBytes)
                Seal(isLast: false);
            var part = Math.Min(buffer.Length, BackupCipher.ChunkBytes - (int)_plain.Length);
            _plain.Write(buffer[..part]);
            buffer = buffer[part..];
        }
    }

    /// <summary>Writes the last chunk; without it the file counts as incomplete.</summary>
    public void Complete() => Seal(isLast: true);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        for (; _at == _read.Length && !_isLast; _at = 0)
            _read = cipher.Read(file, out _isLast);
        var part = Math.Min(buffer.Length, _read.Length - _at);
        _read.AsSpan(_at, part).CopyTo(buffer);
        _at += part;
        return part;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Seal(bool isLast)
    {
        cipher.Write(file, _plain.GetBuffer().AsSpan(0, (int)_plain.Length), isLast);
        _plain.SetLength(0);
    }
}
