using Gateway.Cluster.Certificates;
using Gateway.Cluster.Settings;

namespace Gateway.Cluster.Tests.Certificates;

public sealed class ClusterCertificatesTests : IDisposable
{
    private readonly FleetCertificates _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Theory]
    [InlineData(ClusterRole.Silo, "silo")]
    [InlineData(ClusterRole.All, "silo")]
    [InlineData(ClusterRole.Frontend, "frontend")]
    internal void Open_with_the_certificate_of_the_role_uses_it(ClusterRole role, string name) =>
        Assert.Equal($"CN={name}", Open(role, _fleet.Of(name))!.Current.Certificate.Subject);

    [Fact]
    public void Open_with_the_certificate_of_another_role_says_which_name_is_missing()
    {
        var silo = Assert.Throws<SettingsException>(() => Open(ClusterRole.Silo, _fleet.Of("frontend")));
        var frontend = Assert.Throws<SettingsException>(() => Open(ClusterRole.Frontend, _fleet.Of("silo")));

        Assert.Contains("does not have the DNS name silo.gateway.policy-gateway.internal", silo.Message);
        Assert.Contains("does not have the DNS name frontend.gateway.policy-gateway.internal", frontend.Message);
    }

    [Fact]
    public void Open_with_the_certificate_of_another_fleet_says_which_name_is_missing()
    {
        var settings = Settings(ClusterRole.Silo, _fleet.Of("silo")) with { ClusterId = "blue" };

        var problem = Assert.Throws<SettingsException>(() => ClusterCertificates.Open(settings, TimeProvider.System));

        Assert.Contains("silo.blue.policy-gateway.internal", problem.Message);
    }

    [Fact]
    public void Open_with_an_expired_certificate_says_until_when_it_was_valid()
    {
        using var expired = new FleetCertificates(TimeSpan.FromMinutes(-5));

        var problem = Assert.Throws<SettingsException>(() => Open(ClusterRole.Silo, expired.Of("silo")));

        Assert.Contains("Replace the certificate, or correct this machine's clock", problem.Message);
    }

    [Fact]
    public void Open_with_the_authority_of_another_fleet_says_so()
    {
        using var other = new FleetCertificates();
        var files = _fleet.Of("silo") with { Authorities = other.PathOf("ca.crt") };

        var problem = Assert.Throws<SettingsException>(() => Open(ClusterRole.Silo, files));

        Assert.Contains("cannot be verified by the authorities of", problem.Message);
    }

    [Theory]
    [InlineData("silo.crt")]
    [InlineData("silo.key")]
    [InlineData("ca.crt")]
    public void Open_with_a_missing_or_damaged_file_names_it(string name)
    {
        var path = _fleet.PathOf(name);
        File.Delete(path);
        var missing = Assert.Throws<SettingsException>(() => Open(ClusterRole.Silo, _fleet.Of("silo")));
        File.WriteAllText(path, "no PEM");
        var damaged = Assert.Throws<SettingsException>(() => Open(ClusterRole.Silo, _fleet.Of("silo")));

        Assert.Contains(path, missing.Message);
        Assert.Contains(path, damaged.Message);
    }

    [Fact]
    public void Open_without_certificates_on_a_reachable_address_is_refused_unless_insecure()
    {
        var settings = Settings(ClusterRole.Silo, null) with { Address = IPAddress.Parse("10.0.0.1") };

        var problem = Assert.Throws<SettingsException>(() => ClusterCertificates.Open(settings, TimeProvider.System));

        Assert.Contains("--insecure-cluster", problem.Message);
        Assert.Null(ClusterCertificates.Open(settings with { IsInsecureAllowed = true }, TimeProvider.System));
        Assert.Null(ClusterCertificates.Open(settings with { Address = IPAddress.Loopback }, TimeProvider.System));
    }

    [Fact]
    public void Refresh_takes_renewed_files_and_keeps_the_old_identity_when_the_new_files_are_bad()
    {
        var certificates = Open(ClusterRole.Silo, _fleet.Of("silo"))!;
        var first = certificates.Current.Certificate.Thumbprint;
        Assert.Null(certificates.Refresh());

        _fleet.Renew(TimeSpan.FromDays(2));
        Assert.Equal("", certificates.Refresh());
        var second = certificates.Current.Certificate.Thumbprint;
        Assert.NotEqual(first, second);

        File.Copy(_fleet.PathOf("frontend.crt"), _fleet.PathOf("silo.crt"), overwrite: true);
        Assert.Contains(_fleet.PathOf("silo.crt"), certificates.Refresh());
        Assert.Null(certificates.Refresh());
        Assert.Equal(second, certificates.Current.Certificate.Thumbprint);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("a..b")]
    public void Open_with_a_cluster_id_that_fits_no_DNS_name_is_refused(string clusterId)
    {
        var settings = Settings(ClusterRole.Silo, _fleet.Of("silo")) with { ClusterId = clusterId };

        Assert.Throws<SettingsException>(() => ClusterCertificates.Open(settings, TimeProvider.System));
    }

    private static ClusterCertificates? Open(ClusterRole role, ClusterTlsFiles? files) =>
        ClusterCertificates.Open(Settings(role, files), TimeProvider.System);

    private static ClusterSettings Settings(ClusterRole role, ClusterTlsFiles? files) =>
        new() { Role = role, Name = "test", Clustering = ClusteringKind.Postgres, ClusterTls = files };
}
