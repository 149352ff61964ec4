using System.Security.Cryptography.X509Certificates;
using Gateway.Cluster.Settings;
using Gateway.Orleans.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace Gateway.Cluster.Tests.Certificates;

/// <summary>An Orleans client that knows everything about a fleet but, perhaps, has no certificate of it.</summary>
internal static class RogueClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Connects to a silo's client port and calls a counter.</summary>
    /// <returns>Null if a call was answered, else why it could not be made.</returns>
    public static async Task<Exception?> TryAsync(int clientPort, Action<IClientBuilder> secure)
    {
        using var host = Build(clientPort, secure);
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            await host.StartAsync(patience.Token);
            await CountAsync(host);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    /// <summary>Makes a host that connects to one client port, whatever the membership table says.</summary>
    public static IHost Build(int clientPort, Action<IClientBuilder> secure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, clientPort));
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) =
                ("gateway-tls", "gateway"));
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(3));
            secure(client);
        });
        return builder.Build();
    }

    /// <summary>Shows this certificate whatever it is made for, and takes any.</summary>
    public static void Show(TlsOptions tls, ClusterTlsFiles files)
    {
        var certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        tls.LocalClientCertificateSelector = (_, _, _, _, _) => certificate;
        tls.AllowAnyRemoteCertificate();
        tls.OnAuthenticateAsClient = static (_, options) => options.TargetHost = "silo";
    }

    /// <summary>What a message with no questions is answered; throws where it is not.</summary>
    public static async Task<CounterAnswers> CountAsync(IHost client) =>
        await client.Services.GetRequiredService<IGrainFactory>()
            .GetGrain<ICounterGrain>(new CounterKey(
                LimitScope.Grant, "agent@afip", "calls", WindowKind.Fixed, Window.Month).Text)
            .AskAsync(new CounterMessage([], null));
}
