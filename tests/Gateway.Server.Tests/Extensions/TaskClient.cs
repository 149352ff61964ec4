using System.Threading.Channels;

namespace Gateway.Server.Tests.Extensions;

/// <summary>
/// An official client that makes calls one after another. It reports two lines for each: the task, and its outcome.
/// The last line has the error code for an unknown task.
/// </summary>
internal sealed class TaskClient : IAsyncDisposable
{
    public const string CSharp = "C#";
    public const string TypeScript = "TypeScript";

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));
    private readonly Channel<JsonObject> _lines = Channel.CreateUnbounded<JsonObject>();
    private readonly NodeProcess? _process;
    private readonly Task _run;

    private TaskClient(string sdk, IReadOnlyList<Uri> urls, ToolCall[] calls)
    {
        _process = sdk == CSharp ? null : NodeProcess.Start("ext-task-client.js", JsonSerializer.Serialize(
            new { urls, token = TestTokens.Agent, calls }, JsonSerializerOptions.Web));
        _run = _process is null
            ? CSharpTaskClient.RunAsync(urls, calls, line => _lines.Writer.TryWrite(line), _deadline.Token)
            : Task.CompletedTask;
    }

    /// <param name="sdk">The SDK of the client.</param>
    /// <param name="urls">The addresses; each request goes to the next one that responds.</param>
    /// <param name="calls">The calls.</param>
    public static TaskClient Start(string sdk, IReadOnlyList<Uri> urls, params ToolCall[] calls) =>
        new(sdk, urls, calls);

    public async Task<JsonElement> ReadAsync()
    {
        if (_process is not null)
            return JsonElement.Parse(await _process.ReadJsonLineAsync(_deadline.Token));
        var line = _lines.Reader.ReadAsync(_deadline.Token).AsTask();
        // A client that has failed reports no line.
        if (await Task.WhenAny(line, _run) == _run)
            await _run;
        return JsonSerializer.SerializeToElement(await line);
    }

    /// <summary>Returns the id of the task of the next call.</summary>
    public async Task<string> CreatedAsync() => (await ReadAsync()).GetProperty("task").GetString()!;

    public async ValueTask DisposeAsync()
    {
        await _deadline.CancelAsync();
        if (_process is not null)
            await _process.DisposeAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _deadline.Dispose();
    }
}

/// <summary>A call of a tool.</summary>
internal sealed record ToolCall(string Name, bool Cancel = false);
