using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>The response to an inner message, written to a separate writer.</summary>
internal sealed class InnerResponse(PipeWriter writer, Func<bool> hasStarted)
    : IHttpResponseFeature, IHttpResponseBodyFeature
{
    private Stream? _stream;

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public bool HasStarted => hasStarted();

    public Stream Stream => _stream ??= writer.AsStream(leaveOpen: true);

    public PipeWriter Writer => writer;

    Stream IHttpResponseFeature.Body
    {
        get => Stream;
        set => throw new NotSupportedException("The body of an inner response cannot be replaced.");
    }

    public void OnStarting(Func<object, Task> callback, object state)
    {
        // No client waits for only the head.
    }

    public void OnCompleted(Func<object, Task> callback, object state)
    {
        // The response ends with the call.
    }

    public void DisableBuffering()
    {
        // Nothing is buffered.
    }

    public async Task StartAsync(CancellationToken cancellationToken = default) =>
        await writer.FlushAsync(cancellationToken);

    public async Task CompleteAsync() => await writer.FlushAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("A response cannot send a file.");
}
