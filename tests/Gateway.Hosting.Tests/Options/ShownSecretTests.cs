using Gateway.Hosting.Options;

namespace Gateway.Hosting.Tests.Options;

/// <summary>What holds is shown, and never a secret in it.</summary>
public sealed class ShownSecretTests
{
    [Theory]
    [InlineData("postgres://me:s3cret@db:5433/gateway?sslmode=require", "postgres://me@db:5433/gateway")]
    [InlineData("postgres://me@db/gateway", "postgres://me@db/gateway")]
    [InlineData("postgres://me:s3cret@", "postgres://me:***@")]
    [InlineData("https://me:s3cret@host/path", "https://me:***@host/path")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=s3cret==", "(key not shown)")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("30d", "30d")]
    public void Hides_a_password_and_a_key(string value, string shown) => Assert.Equal(shown, ShownSecret.Hide(value));
}
