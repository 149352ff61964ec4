using Gateway.Control.Documents;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Authenticity;

/// <summary>
/// Authenticates every document of a control store under a key that is not in the store, so that database rights alone
/// do not suffice to create, change, roll back or remove a grant, a pause or any other document.
/// </summary>
/// <remarks>
/// A change writes the authentication code first and the document second; until the second write the document matches
/// its earlier code. A document without a valid code is ignored if it is new. If it replaces one that was authentic,
/// if it is older than a code that this process or the index knows, or if it is missing without a tombstone, every
/// read fails, so that the gateway denies calls as it does without its store.
/// </remarks>
public sealed partial class AuthenticatedControlStore : IControlStore, IDisposable
{
    private const int AttemptsMax = 8;
    private readonly IControlStore _inner;
    private readonly AuthenticityOptions _options;
    private readonly ILogger<AuthenticatedControlStore> _logger;
    private readonly StoreCheck _check;
    private readonly Lock _sync = new();
    private readonly SemaphoreSlim _opening = new(1);
    private readonly SemaphoreSlim _indexing = new(1);
    private readonly HashSet<(ControlKey, long)> _reported = [];
    private CheckedStore? _known;
    private long _revision;
    private volatile bool _isOpen;

    /// <summary>Authenticates the documents of <paramref name="inner"/>; the caller that opened it closes it.</summary>
    /// <exception cref="ControlStoreException">
    /// The file in which this process remembers the store cannot be read.
    /// </exception>
    public AuthenticatedControlStore(
        IControlStore inner, AuthenticityOptions options, ILogger<AuthenticatedControlStore> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_inner, _options, _logger) = (inner, options, logger);
        _check = new StoreCheck(options.Keys) { IndexNumber = options.Memory.Read() };
    }

    /// <inheritdoc/>
    public bool IsShared => _inner.IsShared;

    /// <inheritdoc/>
    /// <remarks>
    /// <remarks>The archive is not authenticated: it takes effect only if an operator reads and restores it.</remarks>
    /// </remarks>
    public IArchive Archive => _inner.Archive;

    /// <summary>The number of documents that are ignored because no writer with the store key wrote them.</summary>
    internal int RejectedCount => _known?.Rejected.Count ?? 0;

    /// <inheritdoc/>
    public async ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_isOpen)
            await OpenAsync(cancellationToken);
        return (await LookAsync(cancellationToken)).Shown;
    }

    /// <inheritdoc/>
    public ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken) =>
        _inner.WaitAsync(revision, atMost, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ControlWrite> ChangeAsync(
        ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken)
    {
        if (!_isOpen)
            await OpenAsync(cancellationToken);
        var known = _known;
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (known is null || attempt > 0)
                known = await LookAsync(cancellationToken);
            var shown = known.Shown.Find(key);
            if ((shown?.Version ?? 0) != expectedVersion)
            {
                // The known state may be old; the state that was just read is not.
                if (attempt > 0)
                    return ControlWrite.Conflict(shown?.Version ?? 0);
                continue;
            }

            // A conflict with the known state: a document that is ignored may be stored under this key.
            if (await TryChangeAsync(known, key, content, cancellationToken) is { } write
                && (write.IsWritten || attempt > 0))
            {
                return write;
            }
        }

        throw new ControlStoreException($"{key} was changed concurrently at every attempt; try again.");
    }

    /// <summary>Leaves the inner store open, because its opener closes it.</summary>
    public void Dispose()
    {
        _opening.Dispose();
        _indexing.Dispose();
    }

    /// <summary>
    /// Tries one change; returns null if another writer's code came first, so that nothing was written.
    /// </summary>
    private async Task<ControlWrite?> TryChangeAsync(
        CheckedStore known, ControlKey key, byte[]? content, CancellationToken cancellationToken)
    {
        var raw = known.Raw.Find(key);
        var codesKey = DocumentMacs.KeyOf(key);
        var codes = known.Raw.Find(codesKey);
        var before = DocumentMacs.Read(codes, key);
        var match = before?.Match(_options.Keys, key, raw);
        var kept = before?.Kept(match, raw).ToList() ?? [];
        var code = _options.Keys.Sign(key, known.Raw.Revision, content);
        var after = new DocumentMacs(key.Kind, key.Name, [.. kept, code]).Write();
        var first = await _inner.ChangeAsync(codesKey, codes?.Version ?? 0, after, cancellationToken);
        if (!first.IsWritten)
            return null;

        // From here on, only the end of the process leaves a code without its document.
        var write = await _inner.ChangeAsync(key, raw?.Version ?? 0, content, cancellationToken);
        if (!write.IsWritten)
        {
            // The content of a change that lost must not stay authentic: someone could store it later. But where
            // another writer's code covers the same content, it may be stored already, and a reader may have seen it
            // under this code.
            if (!kept.Exists(entry => entry.Deleted == code.Deleted && _options.Keys.Verify(entry, key, content)))
            {
                var withdrawn = kept.Count == 0 ? null : new DocumentMacs(key.Kind, key.Name, kept).Write();
                await _inner.ChangeAsync(codesKey, first.Version, withdrawn, cancellationToken);
            }

            return write;
        }

        lock (_sync)
        {
            _check.Wrote(key, code.After);
            _revision = Math.Max(_revision, write.Version);
            if (ReferenceEquals(_known, known))
                _known = known with { Raw = Applied(known.Raw), Shown = Applied(known.Shown, isRaw: false) };
        }

        if (VersionIndex.Covers(key.Kind))
            await IndexAsync(key, code.After, cancellationToken);
        else if (content is null)
            await _inner.ChangeAsync(codesKey, first.Version, null, cancellationToken);
        return write;

        ControlSnapshot Applied(ControlSnapshot all, bool isRaw = true)
        {
            if (isRaw)
                all = all.With(write.Version, new ControlDocument(codesKey, first.Version, after));
            return content is null
                ? all.Without(write.Version, key)
                : all.With(write.Version, new ControlDocument(key, write.Version, content));
        }
    }

    /// <summary>Makes the index list at least this code of a document. Several changes may share one write.</summary>
    private async Task IndexAsync(ControlKey key, long after, CancellationToken cancellationToken)
    {
        await _indexing.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 0; attempt < AttemptsMax; attempt++)
            {
                var known = attempt == 0 && _known is { } last ? last : await LookAsync(cancellationToken);
                var document = known.Raw.Find(VersionIndex.Key);
                var index = VersionIndex.Read(_options.Keys, document);
                if (index?.Floors.GetValueOrDefault(key.ToString(), -1) >= after)
                    return;
                if (await TryWriteIndexAsync(known, document?.Version ?? 0, cancellationToken))
                    return;
            }
        }
        finally
        {
            _indexing.Release();
        }

        // The change stands and is authentic. The next change lists it in the index too.
        LogNotIndexed(key.ToString());
    }

    private async Task<bool> TryWriteIndexAsync(
        CheckedStore known, long expectedVersion, CancellationToken cancellationToken)
    {
        VersionIndex index;
        lock (_sync)
        {
            index = VersionIndex.Of(
                _options.Keys, _check.IndexNumber + 1,
                _check.Floors.ToDictionary(static one => one.Key.ToString(), static one => one.Value));
        }

        var content = index.Write();
        var write = await _inner.ChangeAsync(VersionIndex.Key, expectedVersion, content, cancellationToken);
        if (!write.IsWritten)
            return false;
        lock (_sync)
        {
            _check.IndexNumber = Math.Max(_check.IndexNumber, index.Number);
            _revision = Math.Max(_revision, write.Version);
            if (_known is { } last)
            {
                _known = last with
                {
                    Raw = last.Raw.With(
                        Math.Max(last.Raw.Revision, write.Version),
                        new ControlDocument(VersionIndex.Key, write.Version, content)),
                    Index = index,
                };
            }
        }

        await _options.Memory.WriteAsync(index);
        return true;
    }

    /// <summary>Reads and checks the store. Readers overlap: one that read an older state reads again.</summary>
    private async Task<CheckedStore> LookAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var raw = await _inner.ReadAsync(cancellationToken);
            CheckedStore store;
            List<StoreFinding> findings;
            lock (_sync)
            {
                if (raw.Revision < _revision)
                    continue;
                (store, findings) = _check.Check(raw);
                if (findings.Count == 0)
                    (_revision, _known) = (raw.Revision, store);
            }

            if (findings.Count > 0)
                throw new ControlStoreException(StoreFinding.Describe(findings));
            Report(store);
            if (store.Index is { } index)
                await _options.Memory.WriteAsync(index);
            return store;
        }

        throw new ControlStoreException(
            "The control store is at an earlier revision than before: it was restored from a backup or replaced. Stop "
            + "every gateway of this store, then start one gateway, which lists the differences.");
    }

    private void Report(CheckedStore store)
    {
        foreach (var document in store.Rejected.Values)
        {
            lock (_sync)
            {
                if (!_reported.Add((document.Key, document.Version)))
                    continue;
            }

            LogRejected(document.Key.ToString(), document.Version);
        }
    }

    [LoggerMessage(1, LogLevel.Error,
        "The document {Document} (version {Version}) in the control store is ignored: it is not authenticated by the "
        + "store key. Find out who wrote the document, then delete it.")]
    private partial void LogRejected(string document, long version);

    [LoggerMessage(2, LogLevel.Warning,
        "{Document} was changed, but the version index could not be updated because of concurrent changes. "
        + "The next change adds it to the index.")]
    private partial void LogNotIndexed(string document);
}
