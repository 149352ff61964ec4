namespace Gateway.LoadTests.Consoles;

/// <summary>
/// The two streams of a console on its live page: the decisions, and the changes. All their data is read.
/// </summary>
internal sealed class OpenConsole : IAsyncDisposable
{
    private static readonly string[] Streams = ["decisions/stream", "events"];
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _reading = [];
    private long _bytes;

    /// <summary>The bytes received so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Opens both streams, and returns when each has begun.</summary>
    /// <exception cref="HttpRequestException">The gateway refused one.</exception>
    public static async Task<OpenConsole> OpenAsync(HttpMessageInvoker http, Uri api, string key)
    {
        var console = new OpenConsole();
        foreach (var path in Streams)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(api, path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            request.Headers.Accept.ParseAdd("text/event-stream");
            var answer = await http.SendAsync(request, console._end.Token);
            answer.EnsureSuccessStatusCode();
            console._reading.Add(console.ReadAsync(answer));
        }

        return console;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_reading);
        _end.Dispose();
    }

    private async Task ReadAsync(HttpResponseMessage answer)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            using (answer)
            {
                var stream = await answer.Content.ReadAsStreamAsync(_end.Token);
                while (await stream.ReadAsync(buffer, _end.Token) is > 0 and var read)
                    Interlocked.Add(ref _bytes, read);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed.
        }
    }
}
