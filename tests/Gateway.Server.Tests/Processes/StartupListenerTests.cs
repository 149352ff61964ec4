using Gateway.Hosting.Composition;

namespace Gateway.Server.Tests.Processes;

/// <summary>The listeners that serve while a start takes long.</summary>
public sealed class StartupListenerTests
{
    [Fact]
    public async Task Start_that_ends_while_the_listeners_open_is_not_stopped()
    {
        var random = new Random(7);
        using var folder = new TestFolder();
        for (var round = 0; round < 10; round++)
        {
            var time = new FakeTimeProvider();
            await using var pump = new Timer(_ => time.Advance(TimeSpan.FromMilliseconds(5)), null, 5, 5);
            await using var startup = Begin(folder, time);
            using var moment = new PeriodicTimer(TimeSpan.FromMilliseconds(random.Next(1, 80)));

            Assert.Equal(1, await startup.OpenAsync(
                async stop =>
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                    await moment.WaitForNextTickAsync(CancellationToken.None);
                    await startup.StartAsync(stop);
                    stop.ThrowIfCancellationRequested();
                    return 1;
                },
                static _ => false,
                CancellationToken.None));
        }
    }

    [Fact]
    public async Task Start_that_somebody_stops_is_not_tried_again()
    {
        using var folder = new TestFolder();
        await using var startup = Begin(folder, TimeProvider.System);
        var attempts = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => startup.OpenAsync<int>(
            _ =>
            {
                attempts++;
                startup.Stop();
                throw new OperationCanceledException();
            },
            static _ => false,
            CancellationToken.None));

        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Start_that_a_timeout_inside_cancels_is_tried_again()
    {
        using var folder = new TestFolder();
        await using var startup = Begin(folder, TimeProvider.System);
        var attempts = 0;

        Assert.Equal(2, await startup.OpenAsync(
            _ => ++attempts > 1 ? Task.FromResult(attempts) : throw new OperationCanceledException(),
            static _ => false,
            CancellationToken.None));
    }

    private static StartupListener Begin(TestFolder folder, TimeProvider time) => new StartupListener(
        new GatewayHostOptions { DataDirectory = folder.Path, Listen = ["http://127.0.0.1:0"] }, time).Begin();
}
