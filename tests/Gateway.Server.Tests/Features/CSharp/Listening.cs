namespace Gateway.Server.Tests.Features.CSharp;

/// <summary>An open subscription; disposing of it ends it.</summary>
internal sealed class Listening(Task stream, CancellationTokenSource end, IAsyncDisposable handler) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        try
        {
            await stream;
        }
        catch (OperationCanceledException)
        {
            // Asked for.
        }

        await handler.DisposeAsync();
        end.Dispose();
    }
}
