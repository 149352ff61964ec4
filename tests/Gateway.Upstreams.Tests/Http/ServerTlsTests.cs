using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Control.Contracts;
using Gateway.Control.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Gateway.Upstreams.Tests.Http;

/// <summary>A server whose certificate a private authority issued, and that requires a client certificate.</summary>
public sealed class ServerTlsTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ConcurrentQueue<string> _clients = new();
    private readonly Authority _authority = new("authority");
    private readonly Authority _other = new("other authority");
    private WebApplication _server = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(
            _authority.Issue("localhost", IPAddress.Loopback), https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            })));
        _server = builder.Build();
        _server.Run(context =>
        {
            _clients.Enqueue(context.Connection.ClientCertificate?.Subject ?? "none");
            return context.Response.WriteAsync("{}");
        });
        await _server.StartAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Server_of_an_unknown_authority_is_not_sent_anything()
    {
        await using var upstream = To(tls: null);

        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => upstream.SendAsync(UpstreamFixture.Post(), default));

        Assert.Equal((UpstreamFailure.Tls, false), (error.Failure, error.WasWritten));
        Assert.Empty(_clients);
    }

    [Fact]
    public async Task Server_of_the_configured_authority_gets_the_client_certificate()
    {
        await using var upstream = To(new() { Ca = Ca(_authority), Cert = Cert("gateway-1"), Key = Key("gateway-1") });

        Assert.Equal("{}", await UpstreamFixture.TextAsync(await upstream.SendAsync(UpstreamFixture.Post(), default)));

        Assert.Equal(["CN=gateway-1"], _clients);
    }

    [Fact]
    public async Task Certificate_and_key_in_one_file_are_presented()
    {
        var both = _folder.File(
            "both.pem", File.ReadAllText(Cert("gateway-1")) + "\n" + File.ReadAllText(Key("gateway-1")));
        await using var upstream = To(new() { Ca = Ca(_authority), Cert = both });

        (await upstream.SendAsync(UpstreamFixture.Post(), default)).Dispose();

        Assert.Equal(["CN=gateway-1"], _clients);
    }

    [Fact]
    public async Task Another_authority_does_not_vouch_for_the_server()
    {
        await using var upstream = To(new() { Ca = Ca(_other) });

        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => upstream.SendAsync(UpstreamFixture.Post(), default));

        Assert.Equal((UpstreamFailure.Tls, false), (error.Failure, error.WasWritten));
    }

    [Fact]
    public async Task Configured_authority_does_not_vouch_for_another_name()
    {
        var port = new Uri(_server.Urls.First()).Port;
        await using var upstream = To(
            new() { Ca = Ca(_authority) }, new Uri($"https://crm.example.com:{port}/mcp"));

        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => upstream.SendAsync(UpstreamFixture.Post(), default));

        Assert.Equal((UpstreamFailure.Tls, false), (error.Failure, error.WasWritten));
    }

    [Fact]
    public async Task Changed_files_are_used_by_the_next_request_and_unusable_ones_are_not()
    {
        var files = new ServerTlsFiles
        {
            Ca = Ca(_authority),
            Cert = Cert("gateway-1"),
            Key = Key("gateway-1"),
        };
        var time = new FakeTimeProvider();
        var log = new LogList();
        await using var upstream = To(files, time: time, log: log);
        (await upstream.SendAsync(UpstreamFixture.Post(), default)).Dispose();

        File.WriteAllText(files.Cert!, "half a file");
        time.Advance(TimeSpan.FromSeconds(2));
        (await upstream.SendAsync(UpstreamFixture.Post(), default)).Dispose();
        time.Advance(TimeSpan.FromSeconds(2));
        (await upstream.SendAsync(UpstreamFixture.Post(), default)).Dispose();
        File.Copy(Cert("gateway-2"), files.Cert!, overwrite: true);
        File.Copy(Key("gateway-2"), files.Key!, overwrite: true);
        time.Advance(TimeSpan.FromSeconds(2));
        (await upstream.SendAsync(UpstreamFixture.Post(), default)).Dispose();

        Assert.Equal(["CN=gateway-1", "CN=gateway-1", "CN=gateway-1", "CN=gateway-2"], _clients);
        Assert.Contains("contains no readable certificate", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Withdrawn_authority_is_not_trusted_by_the_next_request()
    {
        var files = new ServerTlsFiles { Ca = Ca(_authority) };
        var time = new FakeTimeProvider();
        await using var upstream = To(files, time: time);
        (await upstream.SendAsync(UpstreamFixture.Post(), default)).Dispose();

        File.Copy(Ca(_other), files.Ca!, overwrite: true);
        time.Advance(TimeSpan.FromSeconds(2));
        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => upstream.SendAsync(UpstreamFixture.Post(), default));

        Assert.Equal(UpstreamFailure.Tls, error.Failure);
    }

    [Fact]
    public async Task Tunnel_of_a_proxy_carries_TLS_to_the_server_itself()
    {
        await using var proxy = new TunnelProxy();
        var port = new Uri(_server.Urls.First()).Port;
        await using var upstream = new HttpUpstream(new HttpUpstreamOptions
        {
            Url = new Uri($"https://localhost.example.com:{port}/mcp"),
            Tls = new() { Ca = Ca(_authority) },
            Proxy = new OutboundProxy(proxy.Url),
            Connector = new OutboundConnector(
                [], static (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("203.0.113.5")])),
        });

        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => upstream.SendAsync(UpstreamFixture.Post(), default));

        // The server's name is checked inside of the tunnel, so a proxy that leads elsewhere gets nothing.
        Assert.Equal(UpstreamFailure.Tls, error.Failure);
        Assert.Equal([$"203.0.113.5:{port}"], proxy.Targets);
        Assert.Empty(_clients);
    }

    private HttpUpstream To(
        ServerTlsFiles? tls, Uri? url = null, TimeProvider? time = null, LogList? log = null) => new(
            new HttpUpstreamOptions
            {
                Url = url ?? new Uri($"{_server.Urls.First()}/mcp"),
                Tls = tls,
                Connector = new OutboundConnector(
                    [], static (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])),
            },
            time ?? TimeProvider.System, null, null, log ?? new LogList());

    private string Ca(Authority authority) =>
        _folder.File($"{authority.Name}.pem", authority.Certificate.ExportCertificatePem());

    private string Cert(string name)
    {
        var certificate = new TestCertificate(_folder.Path, name);
        if (!File.Exists(certificate.Certificate))
            certificate.Write(name);
        return certificate.Certificate;
    }

    private string Key(string name)
    {
        Cert(name);
        return new TestCertificate(_folder.Path, name).Key;
    }

    private sealed class Authority(string name)
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public string Name => name;

        public X509Certificate2 Certificate => field ??= Make();

        public X509Certificate2 Issue(string host, IPAddress address)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(address);
            names.AddDnsName(host);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(
                new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
            var now = TimeProvider.System.GetUtcNow();
            using var made = request.Create(Certificate, now.AddHours(-1), now.AddDays(1), [1, 2, 3, 4]);
            return X509CertificateLoader.LoadPkcs12(made.CopyWithPrivateKey(key).Export(X509ContentType.Pkcs12), null);
        }

        private X509Certificate2 Make()
        {
            var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            var now = TimeProvider.System.GetUtcNow();
            return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        }
    }
}
