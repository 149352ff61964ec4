using System.Globalization;
using Gateway.Control.Documents;

namespace Gateway.Control.Authenticity;

/// <summary>The options of <c>--store-key</c>.</summary>
/// <param name="Path">The file of keys, as <see cref="DocumentKeys.Load"/> reads it.</param>
/// <param name="Accept">The digest of the differences that the operator accepts at this start; null for none.</param>
/// <param name="AcceptReason">The operator's reason; recorded.</param>
public sealed record StoreKeyOptions(string Path, string? Accept, string? AcceptReason);

/// <summary>The keys and the memory with which the documents of a store are authenticated.</summary>
public sealed class AuthenticityOptions
{
    /// <summary>The keys; never in the store itself.</summary>
    public required DocumentKeys Keys { get; init; }

    /// <summary>The memory of the newest index of the store, kept between starts.</summary>
    public required IndexMemory Memory { get; init; }

    /// <summary>The digest of the differences that the operator accepts at this start; null accepts none.</summary>
    public string? Accept { get; init; }

    /// <summary>Records the accepted differences before they take effect. A failure ends the start.</summary>
    public Func<IReadOnlyList<string>, Task> RecordAccepted { get; init; } = static _ => Task.CompletedTask;
}

/// <summary>
/// The number of the newest index that this process has seen, kept in its data directory and in its audit log. An older
/// index in the store means that the whole store was rolled back.
/// </summary>
/// <param name="path">The file; null remembers nothing between starts.</param>
/// <param name="time">The clock.</param>
/// <param name="record">Records an index in the audit log: its number and its authentication code.</param>
public sealed class IndexMemory(string? path, TimeProvider time, Func<VersionIndex, ValueTask> record)
{
    /// <summary>The minimum time between two records of an index.</summary>
    public static readonly TimeSpan RecordEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _sync = new();
    private long _number;
    private long _recorded;
    private long? _recordedAt;

    /// <summary>Returns the number; 0 if no index was seen.</summary>
    /// <exception cref="ControlStoreException">The file exists and cannot be read.</exception>
    public long Read()
    {
        if (path is null || !File.Exists(path))
            return 0;
        try
        {
            return _number = long.Parse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new ControlStoreException(
                $"{path} cannot be read ({e.Message}), so a rollback of the store would not be noticed. Restore "
                + "the file, or delete it to start without a comparison with the store's last known state.", e);
        }
    }

    /// <summary>Remembers an index that was read or written.</summary>
    public async Task WriteAsync(VersionIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        lock (_sync)
        {
            if (index.Number > _number && TryKeep(index.Number))
                _number = index.Number;
            if (index.Number <= _recorded
                || (_recordedAt is { } at && time.GetElapsedTime(at) < RecordEvery))
            {
                return;
            }

            (_recorded, _recordedAt) = (index.Number, time.GetTimestamp());
        }

        await record(index);
    }

    // On a full disk the gateway keeps an older number and goes on: the next index is tried again.
    private bool TryKeep(long number)
    {
        if (path is null)
            return true;
        try
        {
            var temporary = path + ".tmp";
            File.WriteAllText(temporary, number.ToString(CultureInfo.InvariantCulture) + "\n");
            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
