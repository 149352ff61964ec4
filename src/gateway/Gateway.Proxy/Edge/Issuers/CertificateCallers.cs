using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>
/// Verifies client certificates against the authorities of issuers, whose files are read again when they change.
/// Results are kept until a certificate of the chain expires, or an authority changes.
/// </summary>
internal sealed partial class CertificateCallers(
    RecordedSubjects subjects, ProcessClock clock, TimeProvider time, ILogger<CertificateCallers> logger)
{
    private const int KeptMax = 4096;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<TokenHash, Kept> _kept = new();
    private readonly ConcurrentDictionary<string, Authorities> _authorities = new(StringComparer.Ordinal);
    private long _changes;

    /// <summary>Returns the caller that a certificate identifies, or the reason why it identifies none.</summary>
    public (CallerIdentity? Caller, string Why) Verify(PresentedCertificate presented, CallerSettings settings)
    {
        var nowMs = clock.NowMs();
        foreach (var issuer in settings.Issuers)
        {
            if (issuer.Certificates is { } one)
                Read(one.Ca);
        }

        var changes = Interlocked.Read(ref _changes);
        if (_kept.TryGetValue(presented.Hash, out var kept) && ReferenceEquals(kept.Settings, settings)
            && kept.Changes == changes && nowMs >= kept.FromMs && nowMs < kept.Caller.UntilMs)
        {
            return (kept.Caller, "");
        }

        var (found, why) = Find(presented, settings, nowMs);
        if (found is null)
            return (null, why);
        if (_kept.Count >= KeptMax)
            _kept.Clear();
        _kept[presented.Hash] = new(found.Value.Caller, found.Value.FromMs, settings, changes);
        return (found.Value.Caller, "");
    }

    /// <summary>Returns true if certificates that were verified like this are still trusted.</summary>
    /// <param name="issuer">An issuer with certificates.</param>
    /// <param name="key">The <see cref="CallerIdentity.Key"/> of a caller.</param>
    public bool IsTrusted(IssuerSettings issuer, string key)
    {
        var parts = key.Split(' ');
        return parts.Length > 1 && parts[0] == issuer.Certificates!.Subject
            && Read(issuer.Certificates.Ca) is { } roots && parts[1..].All(roots.Keys.Contains);
    }

    private ((CallerIdentity Caller, long FromMs)? Found, string Why) Find(
        PresentedCertificate presented, CallerSettings settings, long nowMs)
    {
        (CallerIdentity, long)? found = null;
        var reasons = new List<string>();
        try
        {
            using var leaf = X509CertificateLoader.LoadCertificate(presented.Leaf);
            foreach (var issuer in settings.Issuers.Where(static one => one.Certificates is not null))
            {
                var (caller, fromMs, why) = Of(issuer, leaf, presented, nowMs);
                if (caller is null)
                    reasons.Add($"{why} (checked for the issuer {issuer.Name})");
                else if (found is not null)
                    return (null, "several issuers accept the client certificate, so its caller is ambiguous");
                else
                    found = (caller, fromMs);
            }
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            return (null, "the client certificate cannot be read");
        }

        return (found, found is null ? string.Join("; ", reasons) : "");
    }

    private (CallerIdentity? Caller, long FromMs, string Why) Of(
        IssuerSettings issuer, X509Certificate2 leaf, PresentedCertificate presented, long nowMs)
    {
        if (Read(issuer.Certificates!.Ca) is not { } roots)
            return (null, 0, "the file of the authorities cannot be read");
        if (WhyNoClient(leaf) is { } unfit)
            return (null, 0, unfit);
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTime = DateTimeOffset.FromUnixTimeMilliseconds(nowMs).UtcDateTime,
            },
        };
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(CertificateUsages.ClientAuthentication));
        chain.ChainPolicy.CustomTrustStore.AddRange(roots.Files.Authorities);
        foreach (var sent in presented.Chain)
            chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(sent));
        try
        {
            if (!chain.Build(leaf))
            {
                return (null, 0, "the client certificate is not valid: "
                    + string.Join(", ", chain.ChainStatus.Select(static one => one.Status.ToString()).Distinct()));
            }

            var names = CertificateNames.Of(leaf);
            if (names.SubjectFor(issuer.Certificates.Subject) is not { } subject)
            {
                return (null, 0,
                    $"the client certificate needs exactly one name of the kind \"{issuer.Certificates.Subject}\"");
            }

            var elements = chain.ChainElements.Select(static one => one.Certificate).ToList();
            var trusted = elements.Select(KeyOf).Intersect(roots.Keys);
            var caller = new Caller { Issuer = issuer.Name, Subject = subject, Claims = names.ToClaims(subject) };
            var identity = new CallerIdentity(issuer, subjects.Apply(issuer.Issuer, caller))
            {
                DigestOf = subjects.DigestOf,
                Audiences = [],
                Key = string.Join(' ', trusted.Prepend(issuer.Certificates.Subject)),
                UntilMs = elements.Min(static one => Ms(one.NotAfter)),
            };
            return (identity, elements.Max(static one => Ms(one.NotBefore)), "");
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                if (!ReferenceEquals(element.Certificate, leaf))
                    element.Certificate.Dispose();
            }

            foreach (var sent in chain.ChainPolicy.ExtraStore)
                sent.Dispose();
        }
    }

    /// <summary>Returns the reason why a certificate is not one for clients; null if it is.</summary>
    private static string? WhyNoClient(X509Certificate2 leaf)
    {
        // A certificate without usages may be for a server or for signing code; its issuer did not say.
        if (!leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(static usages =>
            usages.EnhancedKeyUsages.OfType<Oid>().Any(
                static one => one.Value == CertificateUsages.ClientAuthentication)))
        {
            return "the client certificate is not for client authentication (extended key usage)";
        }

        if (leaf.Extensions.OfType<X509BasicConstraintsExtension>().Any(static one => one.CertificateAuthority))
            return "the client certificate is that of an authority (basic constraints)";
        return leaf.Extensions.OfType<X509KeyUsageExtension>().Any(static one =>
            !one.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
            ? "the client certificate is not for signatures (key usage)" : null;
    }

    /// <summary>Returns the current authorities of a file; null if it was never readable.</summary>
    private Roots? Read(string path)
    {
        var authorities = _authorities.GetOrAdd(path, static _ => new Authorities());
        lock (authorities)
        {
            if (authorities.LookedAt is { } at && time.GetElapsedTime(at) < LookEvery)
                return authorities.Current;
            authorities.LookedAt = time.GetTimestamp();
            string? why = null;
            var read = ServerTls.Read(new() { Ca = path }, (_, problem) => why ??= problem);
            if (read is null && why != authorities.Problem)
                LogUnusable(path, why);
            authorities.Problem = why;
            if (read is null || authorities.Current?.Files.IsSameAs(read) == true)
                return authorities.Current;
            Interlocked.Increment(ref _changes);
            return authorities.Current = new(
                read, read.Authorities.Select(KeyOf).ToFrozenSet(StringComparer.Ordinal));
        }
    }

    private static string KeyOf(X509Certificate2 certificate) =>
        certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private static long Ms(DateTime local) => new DateTimeOffset(local).ToUnixTimeMilliseconds();

    [LoggerMessage(1, LogLevel.Error,
        "The authorities of client certificates in {Path} cannot be used, so the previous authorities stay in use: "
            + "{Problem}")]
    private partial void LogUnusable(string path, string? problem);

    /// <summary>The authorities of a file, with their <see cref="KeyOf"/>.</summary>
    private sealed record Roots(ServerTls Files, FrozenSet<string> Keys);

    private sealed class Authorities
    {
        public Roots? Current { get; set; }

        public string? Problem { get; set; }

        public long? LookedAt { get; set; }
    }

    private sealed record Kept(CallerIdentity Caller, long FromMs, CallerSettings Settings, long Changes);
}

/// <summary>The names in a certificate.</summary>
/// <param name="Uris">The URIs of the subject alternative names.</param>
/// <param name="Dns">The DNS names.</param>
/// <param name="Emails">The e-mail addresses.</param>
/// <param name="Name">The distinguished name of the subject.</param>
internal sealed record CertificateNames(
    IReadOnlyList<string> Uris, IReadOnlyList<string> Dns, IReadOnlyList<string> Emails, string Name)
{
    // The tags of GeneralName (RFC 5280, 4.2.1.6).
    private const int EmailTag = 1;
    private const int DnsTag = 2;
    private const int UriTag = 6;
    private const string AlternativeNames = "2.5.29.17";

    /// <exception cref="AsnContentException">The names cannot be read.</exception>
    public static CertificateNames Of(X509Certificate2 certificate)
    {
        var (uris, dns, emails) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var extension in certificate.Extensions.Where(static one => one.Oid?.Value == AlternativeNames))
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                var tag = names.PeekTag();
                var list = tag.TagClass != TagClass.ContextSpecific ? null
                    : tag.TagValue switch { EmailTag => emails, DnsTag => dns, UriTag => uris, _ => null };
                if (list is null)
                    names.ReadEncodedValue();
                else
                    list.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            }
        }

        return new(uris, dns, emails, certificate.SubjectName.Name);
    }

    /// <summary>Returns the name that identifies the holder; null if there is none, or several.</summary>
    public string? SubjectFor(string kind)
    {
        var names = kind switch
        {
            CertificateSettings.Uri => Uris,
            CertificateSettings.Dns => Dns,
            CertificateSettings.Name => [Name],
            _ => throw new NotSupportedException($"No part of a certificate is called {kind}."),
        };
        // A name with a space or a control character is either a distinguished name or an attempt to look like another.
        return names is [{ Length: > 0 } only]
            && (kind == CertificateSettings.Name ? !only.Any(char.IsControl)
                : !only.AsSpan().ContainsAnyExceptInRange('!', '~')) ? only : null;
    }

    /// <summary>Returns the claims that conditions read.</summary>
    public byte[] ToClaims(string subject)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("sub", subject);
            json.WriteString("dn", Name);
            foreach (var (name, values) in (ReadOnlySpan<(string, IReadOnlyList<string>)>)
                [("uri", Uris), ("dns", Dns), ("email", Emails)])
            {
                json.WriteStartArray(name);
                foreach (var value in values)
                    json.WriteStringValue(value);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
