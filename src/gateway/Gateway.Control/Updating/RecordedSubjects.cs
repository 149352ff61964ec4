using System.Security.Cryptography;
using System.Text;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;
using Gateway.Policy.Decisions;
using Microsoft.Extensions.Hosting;

namespace Gateway.Control.Updating;

/// <summary>
/// The form in which audit records name callers: their subjects, or digests of them under a key that a fleet shares.
/// Equal subjects of an issuer have equal digests, so records can still be grouped.
/// </summary>
public sealed class RecordedSubjects(
    AuditLogOptions options, DocumentCache documents, IControlStore store, SecretProtector secrets,
    SnapshotUpdater control) : IHostedService
{
    private readonly SealedKey _key = new(documents, store, secrets, "subjects");
    private volatile byte[]? _loaded;

    /// <summary>
    /// True if the key is known here. Without it, no record of this fleet has contained a digest, as far as is known.
    /// </summary>
    public bool HasKey => _loaded is not null;

    /// <summary>
    /// Loads the key before the first record is written. A key of other frontends or of earlier records is loaded too,
    /// also later: a pause may name a subject as their records do.
    /// </summary>
    /// <exception cref="ControlStoreException">The key cannot be read or stored.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.HashesSubjects)
            _loaded = await _key.GetAsync(cancellationToken);
        control.Changed += Load;
        Load();
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        control.Changed -= Load;
        return Task.CompletedTask;
    }

    /// <summary>Returns the caller with the values that records contain.</summary>
    /// <param name="issuer">The URL of the caller's issuer.</param>
    /// <param name="caller">The caller.</param>
    public Caller Apply(string issuer, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return options.HashesSubjects
            ? caller with
            {
                RecordedSubject = Of(issuer, caller.Subject),
                RecordedActor = caller.Actor is null ? null : Of(issuer, caller.Actor),
            }
            : caller;
    }

    /// <summary>Returns the digest that records contain or contained; null if there is no key.</summary>
    /// <param name="issuer">The URL of the issuer.</param>
    /// <param name="subject">The subject.</param>
    public string? DigestOf(string issuer, string subject) =>
        _loaded is { } key ? Digest(key, issuer, subject) : null;

    /// <summary>Returns a subject as records contain it.</summary>
    /// <param name="issuer">The URL of the issuer.</param>
    /// <param name="subject">The subject.</param>
    /// <exception cref="InvalidOperationException">The key has not been loaded.</exception>
    public string Of(string issuer, string subject) => !options.HashesSubjects ? subject
        : Digest(_loaded ?? throw new InvalidOperationException("The key of subjects has not been loaded."),
            issuer, subject);

    /// <summary>Returns the same for a subject that may have been named by its digest.</summary>
    /// <param name="issuer">The URL of the issuer.</param>
    /// <param name="subject">The subject or its digest.</param>
    public string OfNamed(string issuer, string subject) =>
        subject.StartsWith(Pauses.DigestStart, StringComparison.Ordinal) ? subject : Of(issuer, subject);

    /// <summary>Returns the digest that records contain if subjects are or were hashed.</summary>
    /// <exception cref="ControlStoreException">The key cannot be read or stored.</exception>
    public async ValueTask<string> DigestAsync(string issuer, string subject, CancellationToken cancellationToken) =>
        Digest(_loaded = await _key.GetAsync(cancellationToken), issuer, subject);

    private void Load() => _loaded ??= _key.Find(control.State.Documents);

    // A URL contains no line break.
    private static string Digest(byte[] key, string issuer, string subject) =>
        Pauses.DigestStart
        + Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{issuer}\n{subject}")));
}
