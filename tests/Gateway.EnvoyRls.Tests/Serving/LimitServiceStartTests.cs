using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Proxy.Edge.Listeners;
using Code = Gateway.EnvoyRls.Protocol.RateLimitResponse.Types.Code;

namespace Gateway.EnvoyRls.Tests.Serving;

/// <summary>How the rate limit service is started, to whom it listens, and what a change of its files does.</summary>
public sealed class LimitServiceStartTests : IDisposable
{
    private const string Token = "a-token-of-an-envoy";
    private readonly LimitService _service = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Follows_its_rules_keeps_the_last_good_ones_and_counts_on_after_a_restart()
    {
        await _service.InitializeAsync();
        try
        {
            Assert.Equal(1u, await LeftAsync());
            _service.WriteRules(Rules(10));
            await Soon.UntilAsync(async () => await LeftAsync(hits: 0) == 9, "the new maximum is in force");
            _service.WriteRules(Rules(20) + "\n  - { kye: x }");
            Assert.Equal(8u, await LeftAsync());

            _service.WriteRules(Rules(30));
            await Soon.UntilAsync(async () => await LeftAsync(hits: 0) == 28, "what was counted goes on");
            await _service.StopAsync();
            await _service.StartAsync(_service.Settings);
            Assert.Equal(27u, await LeftAsync());
        }
        finally
        {
            await _service.StopAsync();
        }

        static string Rules(int max) =>
            $"domain: shop\ndescriptors:\n  - {{ key: user, rate_limit: {{ unit: year, requests_per_unit: {max} }} }}";

        async Task<uint> LeftAsync(ulong hits = 1)
        {
            var answer = await _service.AnswerAsync(LimitService.User("follow", hits));
            Assert.Equal(Code.Ok, answer.OverallCode);
            return answer.Statuses[0].LimitRemaining;
        }
    }

    [Fact]
    public async Task Does_not_start_with_wrong_rules_and_names_every_line()
    {
        _service.WriteRules("domain: shop\ndescriptors:\n  - { kye: x }");

        var problem = await Assert.ThrowsAsync<ListenException>(() => _service.StartAsync(_service.Settings));

        Assert.Contains(
            $"{_service.RulesPath}:3: a descriptor has no member \"kye\"", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "needs client certificates or a token")]
    [InlineData("https://127.0.0.1:0", "needs a certificate: --tls-cert FILE")]
    [InlineData("127.0.0.1:8081", "an address must look like")]
    public async Task Denies_when_it_is_to_listen_where_it_must_not(string address, string words)
    {
        _service.WriteRules("domain: shop");

        var problem = await Assert.ThrowsAsync<ListenException>(
            () => _service.StartAsync(_service.Settings with { Listen = address }));

        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denies_when_a_caller_has_no_certificate_of_its_authority_or_no_token()
    {
        _service.WriteRules("domain: shop");
        var folder = _service.Folder.Path;
        var own = new TestCertificate(folder);
        own.Write("gateway");
        var tokens = Path.Combine(folder, "tokens");
        await File.WriteAllTextAsync(tokens, $"{Token}\nanother-token-for-later\n");
        var (authority, trusted) = Issue();
        var (_, stranger) = Issue();
        var authorities = Path.Combine(folder, "ca.pem");
        await File.WriteAllTextAsync(authorities, authority);
        await _service.StartAsync(
            new RlsSettings
            {
                Listen = "https://127.0.0.1:0",
                RulesPath = _service.RulesPath,
                ClientAuthorities = authorities,
                TokenFile = tokens,
            },
            options => options with { Tls = new TlsFiles(own.Certificate, own.Key) });
        try
        {
            foreach (var refused in (X509Certificate2?[])[null, stranger])
            {
                using var client = Client(refused);
                await Assert.ThrowsAsync<HttpRequestException>(
                    () => _service.AskAsync(LimitService.User("a"), client: client));
            }

            using var known = Client(trusted);
            var request = LimitService.User("a");
            Assert.Equal(16, (await _service.AskAsync(request, client: known)).Status);
            Assert.Equal(16, (await _service.AskAsync(
                request, client: known, headers: ("authorization", "Bearer another"))).Status);
            Assert.Equal(0, (await _service.AskAsync(
                request, client: known, headers: ("authorization", $"Bearer {Token}"))).Status);
        }
        finally
        {
            await _service.StopAsync();
        }

        HttpClient Client(X509Certificate2? certificate)
        {
            var handler = TestCertificate.Handler();
            if (certificate is not null)
                handler.SslOptions.ClientCertificates = [certificate];
            return _service.Client(handler);
        }
    }

    /// <summary>An authority, as PEM, and a client's certificate of it.</summary>
    private static (string Authority, X509Certificate2 Client) Issue()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var issuer = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(10));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=envoy", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var issued = request.Create(issuer, now.AddDays(-1), now.AddDays(9), [1, 2, 3]);
        return (issuer.ExportCertificatePem(), issued.CopyWithPrivateKey(key));
    }
}
