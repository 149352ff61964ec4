using Gateway.Control.Documents;

namespace Gateway.Storage.Local.Files;

/// <summary>
/// The control store of a single process: files under the data directory with a copy of their contents in memory. It
/// owns the directory while it is open, and a second process is refused.
/// </summary>
public sealed class FileControlStore : IControlStore, IDisposable
{
    private readonly ControlFolder _folder;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1);
    private volatile ControlSnapshot _snapshot;
    private volatile TaskCompletionSource _changed = NewSignal();
    private volatile string? _fault;

    private FileControlStore(
        ControlFolder folder, ControlSnapshot snapshot, FileArchive archive, TimeProvider time) =>
        (_folder, _snapshot, Archive, _time) = (folder, snapshot, archive, time);

    /// <inheritdoc/>
    public bool IsShared => false;

    /// <inheritdoc/>
    /// <remarks>
    /// The archive is beside the directory, so that a version without archives reads the same documents.
    /// </remarks>
    public IArchive Archive { get; }

    /// <summary>Locks the directory, creates it if absent, and reads it completely.</summary>
    /// <exception cref="ControlStoreException">
    /// Another process owns the directory, or a document cannot be read.
    /// </exception>
    public static FileControlStore Open(string directory, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var folder = new ControlFolder(directory);
        try
        {
            return new FileControlStore(folder, Read(folder), new FileArchive(directory + "-archive"), time);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Moves damaged documents from a directory that no gateway uses to a folder beside it. A damaged pause is
    /// rewritten instead, because its name is its entire content.
    /// </summary>
    /// <param name="directory">The directory <c>control</c>.</param>
    /// <param name="isDryRun">True to change nothing.</param>
    /// <param name="all">True to discard even documents whose loss may allow something.</param>
    /// <returns>The key of each damaged document, its file, and the file's new path; null if it stays.</returns>
    /// <exception cref="ControlStoreException">Another process owns the directory.</exception>
    /// <exception cref="IOException">A file cannot be moved.</exception>
    public static IReadOnlyList<(ControlKey Key, string Path, string? MovedTo)> Repair(
        string directory, bool isDryRun, bool all)
    {
        using var folder = new ControlFolder(directory);
        var found = new List<(ControlKey Key, string Path, string? MovedTo)>();
        foreach (var (key, path) in folder.Damaged().ToList())
        {
            var denies = ControlFolder.DeniesWithout(key);
            var target = denies || all ? folder.Aside(key.Kind, path) : null;
            found.Add((key, path, target));
            if (isDryRun || target is null)
                continue;
            folder.PutAside(key.Kind, path);
            if (denies && key.Kind == ControlKinds.Pauses)
                folder.Write(new ControlDocument(key, 1, "{}"u8.ToArray()));
        }

        return found;
    }

    /// <summary>Reads a directory that another process may own, without changing anything.</summary>
    /// <exception cref="ControlStoreException">A document cannot be read.</exception>
    public static ControlSnapshot Peek(string directory)
    {
        ControlDocument[] documents = [.. ControlFolder.Peek(directory)];
        return new ControlSnapshot(
            documents.Select(static document => document.Version).DefaultIfEmpty(0).Max(), documents);
    }

    /// <inheritdoc/>
    public ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken) => new(_snapshot);

    /// <inheritdoc/>
    public async ValueTask<ControlWrite> ChangeAsync(
        ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return Change(key, expectedVersion, content);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken)
    {
        // Take the signal before reading the revision, so that a change in between completes the awaited signal.
        var changed = _changed;
        if (_snapshot.Revision == revision)
        {
            try
            {
                await changed.Task.WaitAsync(atMost, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                await RecoverAsync(cancellationToken);
            }
        }

        return _snapshot.Revision;
    }

    /// <summary>Releases the directory for other processes.</summary>
    public void Dispose()
    {
        _folder.Dispose();
        _gate.Dispose();
    }

    private ControlWrite Change(ControlKey key, long expectedVersion, byte[]? content)
    {
        if (_fault is not null)
            Reload();
        if (_fault is { } fault)
            throw new ControlStoreException(fault);
        var current = _snapshot.Find(key);
        // A damaged document cannot be read, so a client that replaces it cannot know its version.
        var isReplaced = current?.Damage is not null && expectedVersion == 0;
        if ((current?.Version ?? 0) != expectedVersion && !isReplaced)
            return ControlWrite.Conflict(current?.Version ?? 0);
        var revision = _snapshot.Revision + 1;
        var document = content is null ? null : new ControlDocument(key, revision, content);
        try
        {
            if (current?.Damage is not null)
                _folder.PutAside(key);
            if (document is null)
                _folder.Delete(key, revision);
            else
                _folder.Write(document);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Reload();
            throw new ControlStoreException($"The control document {key} could not be written: {e.Message}", e);
        }

        Publish(document is null ? _snapshot.Without(revision, key) : _snapshot.With(revision, document));
        return ControlWrite.Written(revision);
    }

    private async ValueTask RecoverAsync(CancellationToken cancellationToken)
    {
        if (_fault is null)
            return;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_fault is not null)
                Reload();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Reads the directory again, because after a failed write only the disk shows which document exists.
    /// </summary>
    private void Reload()
    {
        try
        {
            var read = Read(_folder);
            if (read.Documents.FirstOrDefault(IsNewlyDamaged) is { } damaged)
                throw new ControlStoreException(damaged.Damage!);
            Publish(read);
            _fault = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ControlStoreException)
        {
            _fault = $"The control documents cannot be read back after a failed write ({e.Message}). "
                + "Changes are refused until they can be read.";
        }
    }

    private bool IsNewlyDamaged(ControlDocument document) =>
        document.Damage is not null && _snapshot.Find(document.Key)?.Damage is null;

    private void Publish(ControlSnapshot snapshot)
    {
        _snapshot = snapshot;
        Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
    }

    private static ControlSnapshot Read(ControlFolder folder)
    {
        var (documents, revision) = folder.Load();
        return new ControlSnapshot(revision, documents);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
