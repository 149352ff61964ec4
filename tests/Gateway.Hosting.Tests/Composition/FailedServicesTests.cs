using Gateway.Hosting.Composition;
using Gateway.Hosting.Extensions;
using Gateway.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Hosting.Tests.Composition;

public sealed class FailedServicesTests
{
    [Fact]
    public async Task A_background_service_that_fails_starts_again_and_the_gateway_serves_meanwhile()
    {
        using var folder = new TestFolder();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var service = new Failing();

        await using var host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = folder.Path,
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
                Time = time,
                Extensions = [new Setup(service)],
            },
            CancellationToken.None);
        await Assert.ThrowsAsync<FormatException>(() => service.ExecuteTask!);

        using var client = new HttpClient { BaseAddress = new Uri(host.Addresses[0]) };
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri("/livez", UriKind.Relative)));
        await Soon.UntilAsync(
            () =>
            {
                time.Advance(FailedServices.Every);
                return service.Runs == 3;
            },
            "it runs for the third time");
        Assert.False(service.ExecuteTask!.IsCompleted);
    }

    private sealed class Setup(Failing service) : ExtensionSetup
    {
        public override void AddServices(IServiceCollection services) =>
            services.AddSingleton<IHostedService>(service);
    }

    /// <summary>Fails at the first start and at the second.</summary>
    private sealed class Failing : BackgroundService
    {
        private int _runs;

        public int Runs => Volatile.Read(ref _runs);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            if (Interlocked.Increment(ref _runs) < 3)
                throw new FormatException("a document that the service cannot read");
            await new TaskCompletionSource().Task.WaitAsync(stoppingToken);
        }
    }
}
