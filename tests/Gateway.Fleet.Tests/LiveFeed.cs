using System.Net.ServerSentEvents;

namespace Gateway.Fleet.Tests;

/// <summary>The stream of decisions at one gateway, read in the background.</summary>
internal sealed class LiveFeed : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client;
    private readonly HttpResponseMessage _response;
    private readonly ConcurrentQueue<JsonObject> _events = new();
    private readonly Task _reading;

    private LiveFeed(HttpClient client, HttpResponseMessage response)
    {
        (_client, _response) = (client, response);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>The id of the last event.</summary>
    public string LastId { get; private set; } = "";

    public IReadOnlyList<JsonObject> Events => [.. _events];

    /// <summary>The calls' ids, with the gateways that are said to have decided them.</summary>
    public IReadOnlyList<(string Frontend, string CallId)> Calls =>
    [
        .. Events.SelectMany(static one => one["items"]!.AsArray()
            .Select(item => ((string)one["frontend"]!, (string)item!["callId"]!))),
    ];

    public bool IsSampled => Events.Any(static one => (bool)one["sampled"]!);

    /// <summary>Who is there and who is missing, as was told last.</summary>
    public IReadOnlyDictionary<string, JsonObject> Frontends =>
        (Events.LastOrDefault(static one => one.ContainsKey("frontends"))?["frontends"]!.AsArray() ?? [])
        .ToDictionary(static one => (string)one!["name"]!, static one => one!.AsObject());

    public static async Task<LiveFeed> OpenAsync(GatewayProcess gateway, string? last = null)
    {
        var client = gateway.Client();
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(gateway.Address, "/api/v1/decisions/stream"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", FleetBench.AdminKey);
        if (last is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var feed = new LiveFeed(client, response);
        await Soon.UntilAsync(() => !feed._events.IsEmpty, "the stream begins");
        return feed;
    }

    public Task SeesAsync(int calls) => Soon.UntilAsync(
        () => Calls.Count >= calls, $"{calls} calls are seen");

    public Task SeesFrontendsAsync(int present, int missing) => Soon.UntilAsync(
        () => Count("present") == present && Count("missing") == missing,
        $"{present} gateways are there and {missing} missing");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _response.Dispose();
        _client.Dispose();
        _end.Dispose();
    }

    private int Count(string state) => Frontends.Values.Count(one => (string?)one["state"] == state);

    private async Task ReadAsync()
    {
        try
        {
            var events = SseParser.Create(await _response.Content.ReadAsStreamAsync(_end.Token));
            await foreach (var next in events.EnumerateAsync(_end.Token))
            {
                LastId = next.EventId ?? LastId;
                if (next.EventType == SseParser.EventTypeDefault)
                    _events.Enqueue(JsonNode.Parse(next.Data)!.AsObject());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            // It was closed, or its gateway was killed.
        }
    }
}
