using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Proxy.Edge.Proofs;

/// <summary>
/// The nonces that limit the age of proofs (RFC 9449, 8): sealed times, with keys that all frontends share.
/// </summary>
public sealed class ProofNonces
{
    /// <summary>The time for which a nonce is accepted.</summary>
    public static readonly TimeSpan AcceptedFor = TimeSpan.FromMinutes(5);

    private const int LengthMax = 512;
    private const int KnownMax = 1024;
    private static readonly TimeSpan IssuedFor = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, long> _known = new();
    private readonly IDataProtector _protector;
    private readonly ProcessClock _clock;
    private volatile Issued _issued = new("", long.MinValue);

    /// <summary>Uses the provider's keys for this purpose only.</summary>
    public ProofNonces(IDataProtectionProvider provider, ProcessClock clock) =>
        (_protector, _clock) = (provider.CreateProtector("Gateway.Proofs.Nonce.v1"), clock);

    /// <summary>Returns the nonce for the next proof. It is sealed once a minute.</summary>
    public string Current()
    {
        var (nowMs, issued) = (_clock.NowMs(), _issued);
        if (issued.Text.Length > 0 && nowMs - issued.AtMs < IssuedFor.TotalMilliseconds && nowMs >= issued.AtMs)
            return issued.Text;
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, nowMs);
        _issued = issued = new Issued(Base64Url.EncodeToString(_protector.Protect(bytes)), nowMs);
        return issued.Text;
    }

    /// <summary>Returns true if a frontend issued the nonce a short time ago.</summary>
    public bool Accepts(string? nonce)
    {
        if (nonce is null || nonce.Length > LengthMax)
            return false;
        if (!_known.TryGetValue(nonce, out var atMs))
        {
            if (Open(nonce) is not { } opened)
                return false;
            atMs = opened;
            if (_known.Count >= KnownMax)
                _known.Clear();
            _known.TryAdd(nonce, atMs);
        }

        var nowMs = _clock.NowMs();
        return nowMs - atMs < AcceptedFor.TotalMilliseconds && atMs <= nowMs + ClockBounds.AheadMaxMs;
    }

    private long? Open(string nonce)
    {
        try
        {
            return _protector.Unprotect(Base64Url.DecodeFromChars(nonce)) is { Length: sizeof(long) } bytes
                ? BinaryPrimitives.ReadInt64BigEndian(bytes) : null;
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private sealed record Issued(string Text, long AtMs);
}
