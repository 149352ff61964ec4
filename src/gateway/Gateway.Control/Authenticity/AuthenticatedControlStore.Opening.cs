using Gateway.Control.Documents;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Authenticity;

public sealed partial class AuthenticatedControlStore
{
    /// <summary>
    /// Checks the store for the first time: an empty store gets its index, a store that differs is refused unless the
    /// operator accepted exactly these differences, and codes of an earlier key are made again.
    /// </summary>
    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_isOpen)
                return;
            var raw = await _inner.ReadAsync(cancellationToken);
            List<StoreFinding> findings;
            lock (_sync)
                findings = _check.Check(raw).Findings;
            if (raw.Count == 0 && findings.Count == 0)
                await _inner.ChangeAsync(VersionIndex.Key, 0, NewIndex(1, []).Write(), cancellationToken);
            else if (findings.Count > 0)
                await AcceptAsync(raw, findings, cancellationToken);
            await RenewAsync(await LookAsync(cancellationToken), cancellationToken);
            _isOpen = true;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>
    /// Signs the documents that an operator accepted by their digest; recorded before anything is written.
    /// </summary>
    private async Task AcceptAsync(
        ControlSnapshot raw, List<StoreFinding> findings, CancellationToken cancellationToken)
    {
        if (_options.Accept is not { } accept || accept != StoreFinding.Digest(findings))
            throw new ControlStoreException(StoreFinding.Describe(findings));
        await _options.RecordAccepted([.. findings.Select(static one => one.ToString())]);
        foreach (var finding in findings)
        {
            if (raw.Find(finding.Key) is { } document && finding.Key != VersionIndex.Key)
                await SignAsync(raw, document, document.Version - 1, cancellationToken);
        }

        var signed = await _inner.ReadAsync(cancellationToken);
        var floors = new Dictionary<string, long>();
        foreach (var document in signed.Documents.Where(static one => VersionIndex.Covers(one.Key.Kind)))
        {
            var codes = DocumentMacs.Read(signed.Find(DocumentMacs.KeyOf(document.Key)), document.Key);
            if (codes?.Match(_options.Keys, document.Key, document) is { } match)
                floors.Add(document.Key.ToString(), match.After);
        }

        var number = Math.Max(_check.IndexNumber, raw.Revision) + 1;
        var write = await _inner.ChangeAsync(
            VersionIndex.Key, signed.Find(VersionIndex.Key)?.Version ?? 0, NewIndex(number, floors).Write(),
            cancellationToken);
        if (!write.IsWritten)
            throw new ControlStoreException("Another gateway uses the store: stop that gateway, and accept the store "
                + "again.");
        lock (_sync)
            _check.Reset();
        LogAccepted(findings.Count);
    }

    /// <summary>Replaces codes of keys that no longer sign, so that those keys can be removed from the file.</summary>
    private async Task RenewAsync(CheckedStore store, CancellationToken cancellationToken)
    {
        var renewed = 0;
        foreach (var document in store.Shown.Documents)
        {
            var codes = DocumentMacs.Read(store.Raw.Find(DocumentMacs.KeyOf(document.Key)), document.Key);
            if (codes?.Match(_options.Keys, document.Key, document) is not { } match
                || match.Key == _options.Keys.CurrentId)
            {
                continue;
            }

            await SignAsync(store.Raw, document, match.After, cancellationToken);
            renewed++;
        }

        if (renewed == 0 && store.Index?.Code.Key == _options.Keys.CurrentId)
            return;
        await TryWriteIndexAsync(store, store.Raw.Find(VersionIndex.Key)?.Version ?? 0, cancellationToken);
        LogRenewed(renewed);
    }

    private async Task SignAsync(
        ControlSnapshot raw, ControlDocument document, long after, CancellationToken cancellationToken)
    {
        var key = DocumentMacs.KeyOf(document.Key);
        var codes = new DocumentMacs(
            document.Key.Kind, document.Key.Name,
            [_options.Keys.Sign(document.Key, after, document.Content.ToArray())]);
        await _inner.ChangeAsync(key, raw.Find(key)?.Version ?? 0, codes.Write(), cancellationToken);
    }

    private VersionIndex NewIndex(long number, Dictionary<string, long> floors) =>
        VersionIndex.Of(_options.Keys, number, floors);

    [LoggerMessage(3, LogLevel.Warning, "The operator accepted documents of the control store as they are: {Count}.")]
    private partial void LogAccepted(int count);

    [LoggerMessage(4, LogLevel.Information, "Documents of the control store signed with the current key: {Count}.")]
    private partial void LogRenewed(int count);
}
