using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Upstreams.Tests.Relay;

/// <summary>A client that closes its connection as soon as it has the last byte.</summary>
public class LeavingClientTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_that_closes_after_the_last_byte_of_a_whole_response_has_completed_it(bool isInspected)
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 2;
            await context.Response.Body.WriteAsync("{}"u8.ToArray());
        });
        var plan = new RelayPlan { EndsWithClient = true, ListFilter = isInspected ? new HidingListFilter() : null };
        await using var front = await RelayFront.StartAsync(server.Url, plan, prepare: static context =>
            context.Features.Set<IHttpResponseBodyFeature>(
                new ClosedBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>())));

        var (_, body) = await front.PostTextAsync();

        Assert.Equal("{}", body);
        Assert.Equal(RelayEnd.Completed, (await front.Outcome).End);
    }

    /// <summary>Reports after each flush what Kestrel reports where the connection was closed during it.</summary>
    private sealed class ClosedBody(IHttpResponseBodyFeature inner) : PipeWriter, IHttpResponseBodyFeature
    {
        public Stream Stream => inner.Stream;

        public PipeWriter Writer => this;

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            await inner.Writer.FlushAsync(cancellationToken);
            return new FlushResult(isCanceled: false, isCompleted: true);
        }

        public override void Advance(int bytes) => inner.Writer.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.Writer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.Writer.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.Writer.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Writer.Complete(exception);

        public void DisableBuffering() => inner.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

        public Task SendFileAsync(
            string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            inner.SendFileAsync(path, offset, count, cancellationToken);

        public Task CompleteAsync() => inner.CompleteAsync();
    }
}
