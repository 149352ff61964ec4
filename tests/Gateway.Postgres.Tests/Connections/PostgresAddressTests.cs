namespace Gateway.Postgres.Tests.Connections;

public sealed class PostgresAddressTests
{
    [Fact]
    public void Reads_every_part_of_a_url()
    {
        var address = PostgresAddress.Parse(
            "postgres://us%40er:p%40ss%2Fw%3Ao%3Frd%23@db.example.com:6543/gate%20way"
            + "?sslmode=verify-full&sslrootcert=%2Fca.pem");
        var connection = address.ToConnection();
        Assert.Equal("us@er", connection.Username);
        Assert.Equal("p@ss/w:o?rd#", connection.Password);
        Assert.Equal("db.example.com", connection.Host);
        Assert.Equal(6543, connection.Port);
        Assert.Equal("gate way", connection.Database);
        Assert.Equal(Npgsql.SslMode.VerifyFull, connection.SslMode);
        Assert.Equal("/ca.pem", connection.RootCertificate);
        // Kerberos would be asked first, and pass by the certificate.
        Assert.Equal(Npgsql.GssEncryptionMode.Disable, connection.GssEncryptionMode);
    }

    [Theory]
    [InlineData("postgres://a@h/d", "h", 5432)]
    [InlineData("postgresql://a@[::1]:9/d", "::1", 9)]
    [InlineData("postgres://a@/d?host=/run/postgresql", "/run/postgresql", 5432)]
    public void Reads_hosts_of_every_kind(string url, string host, int port)
    {
        var connection = PostgresAddress.Parse(url).ToConnection();
        Assert.Equal((host, port), (connection.Host, connection.Port));
    }

    [Theory]
    [InlineData("postgres://a:secret@h/", "has no database")]
    [InlineData("postgres://:secret@h/d", "has no user")]
    [InlineData("postgres://a:secret@/d", "no host")]
    [InlineData("postgres://a:secret@h1:1,h2:2/d", "several hosts")]
    [InlineData("postgres://a:secret@h/d?sslmode=maybe", "sslmode")]
    [InlineData("postgres://a:secret@h/d?x=secret", "unknown parameter")]
    [InlineData("postgres://a@h/d?password=secret", "before the host")]
    [InlineData("mysql://a:secret@h/d", "postgres://user:password@host")]
    [InlineData("postgres://a:sec#ret@h/d", "percent-escaped")]
    [InlineData("postgres://a:secret@h:99999/d", "65535")]
    [InlineData("secret", "postgres://user:password@host")]
    public void Refuses_what_it_cannot_use_and_never_repeats_the_password(string url, string expected)
    {
        var refusal = Assert.Throws<PostgresStoreException>(() => PostgresAddress.Parse(url));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_where_it_points_without_the_password()
    {
        var address = PostgresAddress.Parse("postgres://a:secret@h/d");
        Assert.Equal("postgres://a@h:5432/d", $"{address}");
    }

    [Fact]
    public void Options_never_print_the_password()
    {
        var options = new PostgresOptions { Address = PostgresAddress.Parse("postgres://a:secret@h/d") };
        Assert.DoesNotContain("secret", options.ToString(), StringComparison.Ordinal);
    }
}
