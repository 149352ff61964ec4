using System.Buffers;
using System.Security.Cryptography;
using Gateway.Audit.Directories;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit.Evidence;

/// <summary>
/// Follows what is written to the log with a Merkle tree, one a start, and signs what it was: at intervals, where a
/// file ends, and at the end. Used by whoever has the writer's role. A checkpoint that cannot be written denies
/// nothing: the records are there, and the next one covers them too.
/// </summary>
public sealed partial class EvidenceWriter : IDisposable
{
    private const int ChainBytes = 16;

    // Some 20 calls. One after the other, hashes find their code and tables in the processor's caches; call by call
    // they were 5 µs of each, a tenth of it.
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

    /// <param name="directory">Of the log; the evidence goes into a folder there.</param>
    /// <param name="options">How.</param>
    /// <param name="flushToDisk">Whether a checkpoint survives the loss of power.</param>
    /// <param name="time">Wall and monotonic time.</param>
    /// <param name="logger">Where it says what went wrong.</param>
    /// <exception cref="IOException">The key cannot be had.</exception>
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

    /// <summary>Whose log this is: the same over restarts.</summary>
    public string Writer { get; }

    /// <summary>The newest checkpoint, signed; null before the first of this process.</summary>
    public string? Newest => _newest;

    /// <summary>Where the checkpoints of the processes before this one end; null for none.</summary>
    public LogPlace? Left => _previous?.To;

    /// <summary>
    /// Whether the process before this one closed the log in order. Its gateway wrote nothing after that, so records
    /// that are there are another's: they are not taken over, and verification reports them.
    /// </summary>
    public bool IsClosed => _previous?.Why == Checkpoint.Stop;

    /// <summary>The most bytes after <see cref="Left"/> that are taken over.</summary>
    public long AdoptedBytesMax => _options.AdoptedBytesMax;

    /// <summary>Whether the first record's place is known.</summary>
    public bool HasBegun => _from is not null;

    /// <summary>The newest checkpoints of other writers, to be told with the next ones of this.</summary>
    public void Witness(IEnumerable<TreeHead> others) =>
        _others = [.. others.Take(_options.WitnessedMax)];

    /// <summary>Begins the tree at the place where the next record goes, or where those begin that are taken over.
    /// </summary>
    public void Begin(LogPlace from) => (_from, _to, _signedAt) = (from, from, _time.GetTimestamp());

    /// <summary>Takes over a record that was there before this process.</summary>
    public void Adopt(ReadOnlySpan<byte> line, LogPlace end)
    {
        Add(line);
        _adopted++;
        _to = end;
    }

    /// <summary>
    /// Signs where the chain begins and what it took over: that cannot be changed from now on, and what a kill leaves
    /// can be taken over by the next.
    /// </summary>
    public void EndAdoption() => Sign("start");

    /// <summary>Takes whole lines that are on file now.</summary>
    /// <param name="lines">Each with its end.</param>
    /// <param name="end">Where they end.</param>
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

    /// <summary>Signs what is not signed yet, where that is due.</summary>
    public void Tick()
    {
        if (_unsigned > 0 && _time.GetElapsedTime(_signedAt) >= _options.CheckpointEvery)
            Sign("interval");
    }

    /// <summary>Says that the file ends here; whole, unless a write to it failed half way.</summary>
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

    /// <summary>Brings the tree up to what is on file; nobody sees it before it is signed.</summary>
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

    private void Add(ReadOnlySpan<byte> line)
    {
        if (_scratch.Length <= line.Length)
            _scratch = new byte[2 * line.Length];
        _scratch[0] = MerkleTree.LeafPrefix;
        line.CopyTo(_scratch.AsSpan(1));
        _tree.Add(_scratch.AsSpan(0, line.Length + 1));
    }

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

    /// <summary>Reports that the file is not as the process before this one left it.</summary>
    internal void ReportForeign(LogPlace left, LogPlace at) => LogForeign(left, at);

    [LoggerMessage(7, LogLevel.Error,
        "The audit log was closed at {Left} (file and byte) and continues at {At}: records were added or removed while "
        + "no gateway ran. They are not signed; run \"gateway audit verify\"")]
    private partial void LogForeign(LogPlace left, LogPlace at);

    [LoggerMessage(6, LogLevel.Warning,
        "The audit log is written, but a checkpoint of it could not be ({Fault}); tried again")]
    private partial void LogUnsigned(string fault);
}
