using System.Security.Cryptography;
using Gateway.Control.Definitions;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Upstreams.Tests.Credentials;

/// <summary>
/// Signatures for AWS, compared with those of its published test suite. <c>AwsServerTests</c> compares whole requests
/// with AWS's own implementation.
/// </summary>
public sealed class AwsSignatureTests
{
    private const string Unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly DateTimeOffset Now = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);
    private static readonly AwsAccount Account =
        new("us-east-1", "service", "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    [Theory]
    [InlineData("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "/?Param2=value2&Param1=value1",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("GET", "/?Param1=value1", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb")]
    [InlineData("GET", "/?" + Unreserved + "=" + Unreserved,
        "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197")]
    [InlineData("GET", "/?%E1%88%B4=bar", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04")]
    [InlineData("GET", "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
        "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac")]
    [InlineData("GET", "/" + Unreserved, "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f")]
    [InlineData("GET", "//", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("GET", "/./a/../", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    public void A_request_has_the_signature_of_the_published_suite(string method, string target, string expected) =>
        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + $"SignedHeaders=host;x-amz-date, Signature={expected}",
            Authorization(method, target));

    [Fact]
    public void Values_of_headers_are_folded_as_in_the_published_suite() => Assert.EndsWith(
        "SignedHeaders=host;my-header1;my-header2;x-amz-date, "
            + "Signature=acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
        Authorization("GET", "/", ("my-header1", "  value1  "), ("my-header2", "\"a   b   c\"")));

    [Fact]
    public void A_session_token_is_signed_as_in_the_published_suite() => Assert.EndsWith(
        "SignedHeaders=host;x-amz-date;x-amz-security-token, "
            + "Signature=07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
        Authorization("GET", "/",
            ("x-amz-security-token", "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267")));

    private static string Authorization(string method, string target, params (string Name, string Value)[] more) =>
        AwsSignature.Authorization(
            new HttpMethod(method), new Uri($"https://example.amazonaws.com{target}"),
            [("host", "example.amazonaws.com"), ("x-amz-date", "20150830T123600Z"), .. more],
            Convert.ToHexStringLower(SHA256.HashData([])), Account, Now);
}
