using System.Net.ServerSentEvents;

namespace Gateway.Server.Tests.Admin;

/// <summary>Reads a stream of server-sent events as a console does.</summary>
internal sealed class EventReader(HttpResponseMessage response) : IDisposable
{
    private readonly CancellationTokenSource _patience = new();
    private IAsyncEnumerator<SseItem<string>>? _events;

    /// <summary>The id of the last event that had one; empty if none had.</summary>
    public string LastId { get; private set; } = "";

    /// <summary>Returns the next event, or the next one of that name, as heartbeats are skipped.</summary>
    public async Task<(string Name, long Id, JsonNode? Data)> NextAsync(string? name = null)
    {
        while (true)
        {
            var next = await ReadAsync() ?? throw new EndOfStreamException("The stream has ended.");
            if (name is null ? next.EventType != "ping" : next.EventType == name)
            {
                return (next.EventType, long.TryParse(LastId, CultureInfo.InvariantCulture, out var id) ? id : 0,
                    JsonNode.Parse(next.Data));
            }
        }
    }

    public async Task<(string Name, long Id)> HeadAsync()
    {
        var (name, id, _) = await NextAsync();
        return (name, id);
    }

    /// <summary>Returns once the stream has ended as a whole response does.</summary>
    public async Task EndAsync()
    {
        while (await ReadAsync() is not null)
            continue;
    }

    public void Dispose()
    {
        response.Dispose();
        _patience.Dispose();
    }

    private async Task<SseItem<string>?> ReadAsync()
    {
        _patience.CancelAfter(Soon.AtMost);
        _events ??= SseParser.Create(await response.Content.ReadAsStreamAsync(_patience.Token))
            .EnumerateAsync(_patience.Token).GetAsyncEnumerator(_patience.Token);
        if (!await _events.MoveNextAsync())
            return null;
        LastId = _events.Current.EventId ?? LastId;
        return _events.Current;
    }
}
