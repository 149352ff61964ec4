namespace Gateway.Server.Tests.Admin;

/// <summary>Reads a stream of server-sent events as a console does.</summary>
internal sealed class EventReader(HttpResponseMessage response) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private StreamReader? _lines;

    /// <summary>The next event, or the next one of that name; comments are passed over.</summary>
    public async Task<(string Name, long Id, JsonNode? Data)> NextAsync(string? name = null)
    {
        while (true)
        {
            var next = await ReadAsync() ?? throw new EndOfStreamException("The stream has ended.");
            if (name is null || next.Name == name)
                return next;
        }
    }

    public async Task<(string Name, long Id)> HeadAsync()
    {
        var (name, id, _) = await NextAsync();
        return (name, id);
    }

    /// <summary>Returns once the stream has ended as a whole answer does.</summary>
    public async Task EndAsync()
    {
        while (await ReadAsync() is not null)
            continue;
    }

    public void Dispose()
    {
        _lines?.Dispose();
        response.Dispose();
    }

    private async Task<(string Name, long Id, JsonNode? Data)?> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        _lines ??= new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        var (name, id, data) = ("", 0L, (JsonNode?)null);
        while (await _lines.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Length == 0 && name.Length > 0)
                return (name, id, data);
            var parts = line.Split(": ", 2);
            if (parts is ["event", var text])
                name = text;
            else if (parts is ["id", var number])
                id = long.Parse(number, CultureInfo.InvariantCulture);
            else if (parts is ["data", var json])
                data = JsonNode.Parse(json);
        }

        return null;
    }
}
