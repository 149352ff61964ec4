using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace Gateway.Cluster.Certificates;

/// <summary>
/// Mutual TLS on the connections inside a fleet. The silo port accepts silos; the client port accepts frontends and
/// silos. The connecting side verifies that the other end is a silo, so a forged row of the membership table is
/// useless. Without certificates, only loopback addresses are connected.
/// </summary>
internal static class ClusterTls
{
    /// <summary>Time that a peer has for its handshake; a silent connection is closed after it.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(3);

    public static void Secure(this ISiloBuilder silo, ClusterCertificates? certificates, bool isInsecureAllowed)
    {
        silo.Services.TryAddSingleton<RefusedPeers>();
        silo.Configure<SiloConnectionOptions>(options =>
        {
            if (certificates is null)
            {
                if (!isInsecureAllowed) options.ConfigureSiloOutboundConnection(UseLoopbackOnly);
                return;
            }

            var names = certificates.Names;
            options.ConfigureSiloInboundConnection(port => port.Accept(certificates, "silo port", names.Silo));
            options.ConfigureGatewayInboundConnection(
                port => port.Accept(certificates, "client port", names.Frontend, names.Silo));
            options.ConfigureSiloOutboundConnection(connection => connection.Connect(certificates));
        });
    }

    public static void Secure(this IClientBuilder client, ClusterCertificates? certificates, bool isInsecureAllowed)
    {
        client.Services.TryAddSingleton<RefusedPeers>();
        client.Configure<ClientConnectionOptions>(options =>
        {
            if (certificates is not null) options.ConfigureConnection(connection => connection.Connect(certificates));
            else if (!isInsecureAllowed) options.ConfigureConnection(UseLoopbackOnly);
        });
    }

    private static void Accept(
        this IConnectionBuilder port, ClusterCertificates certificates, string portName, params string[] names)
    {
        var refused = port.ApplicationServices.GetRequiredService<RefusedPeers>();
        port.ReportFailures(refused, portName);
        var options = NewOptions(certificates, refused, names);
        options.OnAuthenticateAsServer = (_, tls) =>
        {
            var identity = certificates.Current;
            var server = (SslServerAuthenticationOptions)tls.SslServerAuthenticationOptions;
            server.ServerCertificateSelectionCallback = null;
            server.ServerCertificateContext = identity.Context;
            server.ClientCertificateRequired = true;
            server.CertificateChainPolicy = identity.NewChainPolicy();
            server.AllowRenegotiation = false;
            // Verify the certificate again for each connection, with the current authorities.
            server.AllowTlsResume = false;
        };
        port.UseServerTls(options);
    }

    private static void Connect(this IConnectionBuilder connection, ClusterCertificates certificates)
    {
        var refused = connection.ApplicationServices.GetRequiredService<RefusedPeers>();
        connection.ReportFailures(refused, "connecting to a silo");
        var options = NewOptions(certificates, refused, [certificates.Names.Silo]);
        options.OnAuthenticateAsClient = (_, tls) =>
        {
            var identity = certificates.Current;
            var client = (SslClientAuthenticationOptions)tls.SslClientAuthenticationOptions;
            client.LocalCertificateSelectionCallback = null;
            client.ClientCertificateContext = identity.Context;
            client.CertificateChainPolicy = identity.NewChainPolicy();
            client.TargetHost = certificates.Names.Silo;
            client.AllowRenegotiation = false;
            client.AllowTlsResume = false;
        };
        connection.UseClientTls(options);
    }

    private static TlsOptions NewOptions(
        ClusterCertificates certificates, RefusedPeers refused, string[] names) => new()
    {
        // The package requires a certificate at the start; each connection then gets the current one.
        LocalServerCertificateSelector = (_, _) => certificates.Current.Certificate,
        LocalClientCertificateSelector = (_, _, _, _, _) => certificates.Current.Certificate,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        SslProtocols = SslProtocols.Tls13 | SslProtocols.Tls12,
        HandshakeTimeout = HandshakeTimeout,
        RemoteCertificateValidation = (certificate, chain, errors) =>
        {
            var reason = ClusterCertificates.Refusal(certificate, chain, names)
                ?? (errors == SslPolicyErrors.None ? null : $"{errors}");
            if (reason is not null) refused.Record(certificate.Subject, reason);
            return reason is null;
        },
    };

    /// <summary>
    /// Reports failed handshakes: a connection whose handshake failed never reaches the code that sets this feature.
    /// </summary>
    private static void ReportFailures(this IConnectionBuilder connection, RefusedPeers refused, string where) =>
        connection.Use(next => async context =>
        {
            await next(context);
            if (context.Features.Get<ITlsApplicationProtocolFeature>() is null)
                refused.Record($"{context.RemoteEndPoint}, {where}", "the TLS handshake did not complete");
        });

    private static void UseLoopbackOnly(IConnectionBuilder connection)
    {
        var refused = connection.ApplicationServices.GetRequiredService<RefusedPeers>();
        connection.Use(next => context =>
        {
            if (context.RemoteEndPoint is IPEndPoint { Address: var address } && IPAddress.IsLoopback(address))
                return next(context);
            refused.Record(
                $"{context.RemoteEndPoint}",
                "without --cluster-cert, only connections from loopback addresses are accepted; give --cluster-cert, "
                + "or accept all with --insecure-cluster");
            context.Abort();
            return Task.CompletedTask;
        });
    }
}
