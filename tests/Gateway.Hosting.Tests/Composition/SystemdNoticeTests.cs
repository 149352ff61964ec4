using Gateway.Control.Health;
using Gateway.Hosting.Composition;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hosting.Tests.Composition;

public sealed class SystemdNoticeTests
{
    private const string Watchdog = "WATCHDOG_USEC";

    [Fact]
    public async Task Ready_is_sent_once_the_engine_can_count_and_the_start_is_extended_until_then()
    {
        var engine = new Engine { Fault = "the store\nis away" };
        var manager = new Manager();
        await using var services = new ServiceCollection().AddSingleton<IEngineHealth>(engine).BuildServiceProvider();
        using var notice = new SystemdNotice(
            manager, services, TimeProvider.System, NullLogger<SystemdNotice>.Instance);

        await notice.StartAsync(default);
        await notice.StartedAsync(default);
        await Soon.UntilAsync(() => !manager.Notices.IsEmpty, "the start is extended");
        await notice.StoppingAsync(default);
        Assert.All(manager.Notices, static one =>
            Assert.Equal("EXTEND_TIMEOUT_USEC=32000000\nSTATUS=Not ready: the store is away", one));

        engine.Fault = null;
        await Soon.UntilAsync(
            () => manager.Notices.Last().StartsWith("READY=1", StringComparison.Ordinal), "it is ready");
        await notice.StoppingAsync(default);
        await notice.StopAsync(default);
        Assert.Equal(
            ["READY=1\nSTATUS=Serving", "STOPPING=1\nSTATUS=Draining open calls"], manager.Notices.TakeLast(2));
    }

    [Fact]
    public async Task Request_loop_runs()
    {
        Assert.True(await RequestLoop.IsRunningAsync(Soon.AtMost, TimeProvider.System, default));
    }

    [Fact]
    public async Task Request_loop_that_is_late_does_not_run()
    {
        Assert.False(await RequestLoop.IsRunningAsync(TimeSpan.Zero, TimeProvider.System, default));
    }

    [Fact]
    public async Task Watchdog_is_fed_only_while_the_request_loop_runs()
    {
        var manager = new Manager();
        await using var services = new ServiceCollection()
            .AddSingleton<IEngineHealth>(new Engine()).BuildServiceProvider();
        var (isRunning, asked) = (true, 0);
        using var notice = new SystemdNotice(
            manager, services, TimeProvider.System, NullLogger<SystemdNotice>.Instance, (limit, _) =>
            {
                Assert.Equal(TimeSpan.FromMilliseconds(10), limit);
                Interlocked.Increment(ref asked);
                return Task.FromResult(Volatile.Read(ref isRunning));
            });
        Environment.SetEnvironmentVariable(Watchdog, "40000");
        try
        {
            await notice.StartAsync(default);
            await notice.StartedAsync(default);
            await Soon.UntilAsync(() => manager.Notices.Contains("WATCHDOG=1"), "it is fed");

            Volatile.Write(ref isRunning, false);
            // The beat of a question that was answered before may follow.
            var stalled = Volatile.Read(ref asked) + 2;
            await Soon.UntilAsync(() => Volatile.Read(ref asked) >= stalled, "it asks on");
            var fed = manager.Notices.Count;
            await Soon.UntilAsync(() => Volatile.Read(ref asked) >= stalled + 5, "it asks on");
            Assert.Equal(fed, manager.Notices.Count);

            Volatile.Write(ref isRunning, true);
            await Soon.UntilAsync(() => manager.Notices.Count > fed, "it is fed again");
        }
        finally
        {
            Environment.SetEnvironmentVariable(Watchdog, null);
            await notice.StopAsync(default);
        }
    }

    private sealed class Engine : IEngineHealth
    {
        public string? Fault { get; set; }

        public bool IsClockTrusted => true;
    }

    private sealed class Manager : ISystemdNotifier
    {
        public ConcurrentQueue<string> Notices { get; } = [];

        public bool IsEnabled => true;

        public void Notify(ServiceState state) => Notices.Enqueue(state.ToString());
    }
}
