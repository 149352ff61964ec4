using Gateway.Mcp;

namespace Gateway.Proxy.Forwarding;

/// <summary>
/// When a client's disconnect ends its call. From 2026-07-28 closing the stream is the cancel. Before, it is none:
/// a call that the server may have begun is waited for a while; one that was not yet written is dropped. The end of the
/// grant ends its calls at once.
/// </summary>
internal sealed class CallLife : IDisposable
{
    private static readonly TimeSpan AfterClientMax = TimeSpan.FromMinutes(5);
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationTokenRegistration _ended;

    public CallLife(GatewayCall call, UpstreamRequest request)
    {
        _ended = call.Binding.Ended.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), _source);
        _registration = call.Http.RequestAborted.UnsafeRegister(static state =>
        {
            var (source, call, request) = ((CancellationTokenSource, GatewayCall, UpstreamRequest))state!;
            if (call.Era == McpEra.Stateless || !request.WasWritten)
                source.Cancel();
            else
            {
                source.CancelAfter(AfterClientMax);
                request.Abandon(() => LetGo(source));
            }
        }, (_source, call, request));
    }

    public CancellationToken Token => _source.Token;

    private static void LetGo(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended in the same moment.
        }
    }

    public void Dispose()
    {
        // The registrations first: they wait for a callback that is running, which uses the source.
        _ended.Dispose();
        _registration.Dispose();
        _source.Dispose();
    }
}
