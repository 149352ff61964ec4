using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.TestHarness.Network;

/// <summary>A receiver for a channel's messages, which keeps each one and returns a configurable response.</summary>
public sealed class MessageReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<ReceivedMessage> _messages = Channel.CreateUnbounded<ReceivedMessage>();

    private MessageReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>Writes the response to each message.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = static _ => Task.CompletedTask;

    public static async Task<MessageReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new MessageReceiver(builder.Build());
        receiver._app.Run(receiver.ReceiveAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Returns the next message, and waits for it if necessary.</summary>
    public async Task<ReceivedMessage> NextAsync() =>
        await _messages.Reader.ReadAsync().AsTask().WaitAsync(Soon.AtMost);

    /// <summary>The number of messages that were not read yet.</summary>
    public int Count => _messages.Reader.Count;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        _messages.Writer.TryWrite(new ReceivedMessage(
            http.Request.Path, body, http.Request.Headers.ToDictionary(
                static header => header.Key, static header => header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase)));
        await Answer(http);
    }
}
