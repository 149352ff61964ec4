using Gateway.Storage.Azure.Accounts;

namespace Gateway.Azure.Tests.Accounts;

public sealed class AzureAccountTests
{
    [Theory]
    [InlineData("http://account.blob.core.windows.net", "https://account.table.core.windows.net")]
    [InlineData("https://account.blob.core.windows.net", "http://account.table.core.windows.net")]
    public void An_identity_is_sent_over_https_only(string blobs, string tables)
    {
        var refusal = Assert.Throws<FormatException>(
            () => AzureAccount.FromAddresses(new Uri(blobs), new Uri(tables)));

        Assert.Contains("is not https", refusal.Message);
    }
}
