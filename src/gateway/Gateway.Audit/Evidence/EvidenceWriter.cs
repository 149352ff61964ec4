using System.Buffers;
using System.Security.Cryptography;
using Gateway.Audit.Directories;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit.Evidence;

/// <summary>
/// Builds a Merkle tree over the records of one process, and signs it at intervals, when a file ends and when the log
/// closes. Used only by the thread that has the writer's role. A checkpoint that cannot be written denies no call: the
/// records exist, and the next checkpoint covers them too.
/// </summary>
public sealed partial class EvidenceWriter : IDisposable
{
    private const int ChainBytes = 16;

    // Some 20 calls. Hashing records together keeps the code and tables of SHA-256 in the processor's caches; hashing
    // after each call took 5 µs per call, a tenth of the call's total.
    private const int GatheredBytesMax = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _gathered = new(2 * GatheredBytesMax);
    private readonly string _directory;
    private readonly EvidenceOptions _options;
    private readonly bool _flushToDisk;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CheckpointKeys _keys;
    private readonly MerkleTree _tree = new();
    private readonly string _chain = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ChainBytes));
    private readonly Checkpoint? _previous;
    private readonly string? _link;
    private byte[] _scratch = new byte[4096];
    private LogPlace? _from;
    private LogPlace _to;
    private long _adopted;
    private long _unsigned;
    private long _signedAt;
    private bool _isLost;
    private volatile string? _newest;
    private volatile IReadOnlyList<TreeHead> _others = [];

    /// <param name="directory">Directory of the log; the evidence goes into a subfolder.</param>
    /// <param name="options">The key, intervals and bounds.</param>
    /// <param name="flushToDisk">True if a checkpoint survives the loss of power.</param>
    /// <param name="time">Wall and monotonic time.</param>
    /// <param name="logger">Logs failures.</param>
    /// <exception cref="IOException">The key cannot be read or created.</exception>
    public EvidenceWriter(
        string directory, EvidenceOptions options, bool flushToDisk, TimeProvider time, ILogger logger)
    {
        (_directory, _options, _flushToDisk, _time, _logger) = (directory, options, flushToDisk, time, logger);
        DataDirectory.Make(EvidenceFolder.Of(directory));
        _keys = CheckpointKeys.Open(
            options.KeyPath ?? EvidenceFolder.KeyOf(directory), isMade: options.KeyPath is null);
        var last = EvidenceFolder.Last(directory);
        (_previous, _link) = (last?.Checkpoint, last?.TextHash());
        Writer = _previous?.Writer ?? _chain;
    }

    /// <summary>Id of the log's writer, which stays the same over restarts.</summary>
    public string Writer { get; }

    /// <summary>The newest signed checkpoint; null before the first one of this process.</summary>
    public string? Newest => _newest;

    /// <summary>Place where the checkpoints of previous processes end; null if there are none.</summary>
    public LogPlace? Left => _previous?.To;

    /// <summary>
    /// True if the previous process closed the log in order. That gateway wrote nothing afterwards, so records found
    /// after that place came from elsewhere: they are not adopted, and verification reports them.
    /// </summary>
    public bool IsClosed => _previous?.Why == Checkpoint.Stop;

    /// <summary>Maximum bytes after <see cref="Left"/> that are adopted.</summary>
    public long AdoptedBytesMax => _options.AdoptedBytesMax;

    /// <summary>True if the place of the first record is known.</summary>
    public bool HasBegun => _from is not null;

    /// <summary>Sets the newest checkpoints of other writers, to include in this writer's next ones.</summary>
    public void Witness(IEnumerable<TreeHead> others) =>
        _others = [.. others.Take(_options.WitnessedMax)];

    /// <summary>Begins the tree at the place of the next record, or where the adopted records begin.</summary>
    public void Begin(LogPlace from) => (_from, _to, _signedAt) = (from, from, _time.GetTimestamp());

    /// <summary>Adds a record that was in the log before this process started.</summary>
    public void Adopt(ReadOnlySpan<byte> line, LogPlace end)
    {
        Add(line);
        _adopted++;
        _to = end;
    }

    /// <summary>
    /// Signs where the chain begins and the records that it adopted. From now on neither can be changed unnoticed, and
    /// the next process can adopt whatever a kill leaves.
    /// </summary>
    public void EndAdoption() => Sign("start");

    /// <summary>Adds whole lines that have been written to the file.</summary>
    /// <param name="lines">The lines, each with its line end.</param>
    /// <param name="end">Place where the lines end.</param>
    public void Append(ReadOnlySpan<byte> lines, LogPlace end)
    {
        _gathered.Write(lines);
        _to = end;
        _unsigned += lines.Length;
        if (_unsigned >= _options.CheckpointBytes)
        {
            Sign("interval");
            return;
        }

        if (_gathered.WrittenCount >= GatheredBytesMax)
            AddGathered();
        Tick();
    }

    /// <summary>Signs the unsigned records if a checkpoint is due.</summary>
    public void Tick()
    {
        if (_unsigned > 0 && _time.GetElapsedTime(_signedAt) >= _options.CheckpointEvery)
            Sign("interval");
    }

    /// <summary>
    /// Ends the tree's current file. <paramref name="isWhole"/> is false if a write to it failed halfway.
    /// </summary>
    public void Rotate(bool isWhole)
    {
        if (HasBegun)
            Sign(isWhole ? "rotation" : "abandoned");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (HasBegun)
            Sign(Checkpoint.Stop);
        _keys.Dispose();
    }

    /// <summary>
    /// Adds the gathered lines to the tree. The delay is invisible, because only signed trees are published.
    /// </summary>
    private void AddGathered()
    {
        for (var rest = _gathered.WrittenSpan; !rest.IsEmpty;)
        {
            var length = rest.IndexOf((byte)'\n');
            Add(rest[..length]);
            rest = rest[(length + 1)..];
        }

        _gathered.ResetWrittenCount();
    }

    private void Add(ReadOnlySpan<byte> line) => _tree.Add(RecordLeaf.Of(line, isErasable: true, ref _scratch));

    private void Sign(string why)
    {
        _signedAt = _time.GetTimestamp();
        AddGathered();
        try
        {
            var checkpoint = new Checkpoint
            {
                Head = new TreeHead(_chain, _tree.Size, _tree.Root),
                Writer = Writer,
                Time = _time.GetUtcNow(),
                Why = why,
                From = _from!.Value,
                To = _to,
                Adopted = _adopted,
                IsErasable = true,
                Previous = _previous?.Head,
                Link = _link,
                Keys = _keys.Public.Count > 1 ? _keys.Public : [],
                Witnessed = _others,
            };
            var signed = new SignedCheckpoint(_keys.Sign(checkpoint), _keys.Public, _tree.Peaks);
            EvidenceFolder.Append(_directory, signed, _flushToDisk);
            _newest = signed.Note;
            (_unsigned, _isLost) = (0, false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            if (!_isLost)
                LogUnsigned(e is CryptographicException ? e.Message : SystemError.Words(e));
            _isLost = true;
        }
    }

    /// <summary>Reports that the file differs from the state in which the previous process left it.</summary>
    internal void ReportDiscontinuity(LogPlace left, LogPlace at) => LogDiscontinuity(left, at);

    [LoggerMessage(7, LogLevel.Error,
        "The audit log was closed at {Left} (file and byte) and continues at {At}: records were added or removed while "
        + "no gateway ran. Added records are not signed; run \"gateway audit verify\"")]
    private partial void LogDiscontinuity(LogPlace left, LogPlace at);

    [LoggerMessage(6, LogLevel.Warning,
        "A checkpoint of the audit log could not be written ({Fault}); records are still written, and the gateway "
            + "retries")]
    private partial void LogUnsigned(string fault);
}
