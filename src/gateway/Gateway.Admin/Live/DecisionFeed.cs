using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Audit.Reading;
using Gateway.Control.Options;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Live;

/// <summary>
/// Reads the decisions of this gateway's log as they are written, once for all who look, and while somebody does.
/// Beyond a number a second it passes over the rest and says so, so that looking costs calls next to nothing.
/// </summary>
internal sealed partial class DecisionFeed(GatewayOptions options, TimeProvider time, ILogger<DecisionFeed> logger)
{
    public const int PerSecondMax = 50;
    private const int Waiting = 64;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);
    private static readonly AuditQuery Decisions = AuditQuery.OfKind("decision");
    private readonly AuditReader _reader = new(Path.Combine(options.DataDirectory, "audit"));
    private readonly Lock _gate = new();
    private readonly List<(string Operator, Channel<DecisionBatch> To)> _streams = [];
    private bool _isFollowing;

    /// <summary>Whose log it is.</summary>
    public static string Frontend => Environment.MachineName;

    /// <summary>What is decided from now on; null where too many look already.</summary>
    public Channel<DecisionBatch>? Open(string byOperator)
    {
        lock (_gate)
        {
            if (_streams.Count >= options.LiveStreamsMax
                || _streams.Count(one => one.Operator == byOperator) >= options.LiveStreamsOfOperatorMax)
            {
                return null;
            }

            // Who reads too slowly misses the oldest, and finds a gap in what it has.
            var to = Channel.CreateBounded<DecisionBatch>(
                new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest });
            _streams.Add((byOperator, to));
            if (!_isFollowing)
            {
                _isFollowing = true;
                var from = _reader.End();
                _ = Task.Run(() => FollowAsync(from));
            }

            return to;
        }
    }

    public void Close(Channel<DecisionBatch> stream)
    {
        lock (_gate)
            _streams.RemoveAll(one => one.To == stream);
    }

    /// <summary>What was decided since a place, for who comes back: the first of it, if there was much.</summary>
    public DecisionBatch Since(string? place) => place is null
        ? Batch([], _reader.End(), isSampled: false)
        : Of(_reader.Read(Decisions, place, PerSecondMax * 4));

    private async Task FollowAsync(string place)
    {
        var (second, left) = (0L, PerSecondMax);
        while (true)
        {
            await Task.Delay(Step, time);
            lock (_gate)
            {
                if (_streams.Count == 0)
                {
                    _isFollowing = false;
                    return;
                }
            }

            var now = time.GetUtcNow().ToUnixTimeSeconds();
            if (now != second)
                (second, left) = (now, PerSecondMax);
            try
            {
                var batch = Next(place, ref left);
                place = batch.Place;
                if (batch.Event.Length > 0)
                    Send(batch);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogUnreadable(e.Message);
            }
        }
    }

    private DecisionBatch Next(string place, ref int left)
    {
        if (left == 0)
        {
            var end = _reader.End();
            return end == place ? new DecisionBatch(place, []) : Batch([], end, isSampled: true);
        }

        var page = _reader.Read(Decisions, place, left);
        left -= page.Items.Count;
        return page.Items.Count == 0 && !page.More ? new DecisionBatch(page.Next, []) : Of(page);
    }

    // Where there is more, it is passed over.
    private DecisionBatch Of(AuditPage page)
    {
        var end = page.More ? _reader.End() : page.Next;
        return Batch(page.Items, end, page.More && end != page.Next);
    }

    private void Send(DecisionBatch batch)
    {
        lock (_gate)
        {
            foreach (var (_, to) in _streams)
                to.Writer.TryWrite(batch);
        }
    }

    private static DecisionBatch Batch(IReadOnlyList<JsonElement> items, string place, bool isSampled)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(Encoding.UTF8.GetBytes($"id: {Frontend}/{place}\ndata: "));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("frontend", Frontend);
            json.WriteBoolean("sampled", isSampled);
            json.WriteStartArray("items");
            foreach (var item in items)
                item.WriteTo(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.Write("\n\n"u8);
        return new DecisionBatch(place, buffer.WrittenSpan.ToArray());
    }

    [LoggerMessage(1, LogLevel.Warning, "The live decisions cannot be read from the audit log: {Why}")]
    private partial void LogUnreadable(string why);
}
