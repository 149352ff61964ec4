using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Upstreams.Tests.Http;

/// <summary>Servers whose TLS fails, each for another reason: the error names it.</summary>
public sealed class TlsCauseTests
{
    [Theory]
    [InlineData("127.0.0.1", 90, "an unknown authority signed its certificate")]
    [InlineData("192.0.2.1", 90, "its certificate is for another name")]
    [InlineData("127.0.0.1", -1, "its certificate has expired or is not valid yet")]
    public async Task Error_names_what_is_wrong_with_the_certificate(string address, int days, string cause)
    {
        using var certificate = Certificate(address, days);
        var (url, listener) = Listen(certificate);
        using (listener)
        {
            await using var upstream = UpstreamFixture.To(url);
            var request = UpstreamFixture.Post();

            var error = await Assert.ThrowsAsync<UpstreamException>(
                () => upstream.SendAsync(request, CancellationToken.None));

            Assert.Equal(UpstreamFailure.Tls, error.Failure);
            Assert.Contains(cause, error.Message, StringComparison.Ordinal);
            Assert.False(error.WasWritten);
        }
    }

    [LinuxTheory]
    [InlineData("-tls1_3")]
    [InlineData("-tls1_2")]
    public async Task Alert_of_a_server_that_requires_a_client_certificate_is_named(string version)
    {
        using var folder = new TestFolder("gateway-tls-");
        var certificate = new TestCertificate(folder.Path);
        certificate.Write("localhost");
        var port = Ports.Free();
        using var server = Process.Start(new ProcessStartInfo("openssl",
            ["s_server", "-accept", $"127.0.0.1:{port}", "-cert", certificate.Certificate, "-key", certificate.Key,
                version, "-Verify", "1", "-verify_return_error", "-quiet"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            await Soon.UntilAsync(() => Ports.IsOpen(port), "openssl listens");
            using var client = new HttpClient(new SocketsHttpHandler
            {
                UseProxy = false,
                SslOptions = { RemoteCertificateValidationCallback = static (_, peer, _, _) => peer is not null },
            });

            var error = await Assert.ThrowsAsync<HttpRequestException>(
                () => client.PostAsync(new Uri($"https://127.0.0.1:{port}/"), new StringContent("{}")));

            Assert.Contains("requires a client certificate", TlsCause.Of(error) ?? error.ToString());
        }
        finally
        {
            server.Kill();
        }
    }

    private static X509Certificate2 Certificate(string address, int days)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-10), now.AddDays(days));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static (Uri Url, TcpListener Listener) Listen(X509Certificate2 certificate)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = ServeAsync();
        return (new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/mcp"), listener);

        async Task ServeAsync()
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(certificate);
                _ = await tls.ReadAsync(new byte[1]);
            }
            catch (Exception e) when (e is IOException or AuthenticationException or SocketException
                or ObjectDisposedException)
            {
                // The client does not accept the certificate.
            }
        }
    }
}
