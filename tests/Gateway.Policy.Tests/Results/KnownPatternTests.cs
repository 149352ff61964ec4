using Gateway.Policy.Results;
using Gateway.Policy.Tests.Oracle;
using Xunit.Abstractions;

namespace Gateway.Policy.Tests.Results;

public class KnownPatternTests(ITestOutputHelper output)
{
    // Put together here, so that no scanner takes this file for a leak.
    private static readonly string Letters = new('a', 20);

    [Theory]
    [InlineData("4111111111111111", "4111111111111111")]
    [InlineData("Visa 4111 1111 1111 1111, exp 12/27 123", "4111 1111 1111 1111")]
    [InlineData("4111-1111-1111-1111.", "4111-1111-1111-1111")]
    [InlineData("4111.1111.1111.1111", "4111.1111.1111.1111")]
    [InlineData("amex 3782 822463 10005", "3782 822463 10005")]
    [InlineData("diners 3056 930902 5904", "3056 930902 5904")]
    [InlineData("n=5555555555554444&x", "5555555555554444")]
    [InlineData("2223003122003222", "2223003122003222")]
    [InlineData("card6011111111111117", "6011111111111117")]
    [InlineData("12 4111 1111 1111 1111", "4111 1111 1111 1111")]
    [InlineData("４１１１１１１１１１１１１１１１", "４１１１１１１１１１１１１１１１")]
    [InlineData("4111111111111111.0", "4111111111111111.0")]
    [InlineData("paid with 4111111111111111.00, thanks", "4111111111111111.00")]
    [InlineData("4.111111111111111e15", "4.111111111111111e15")]
    [InlineData("4.111111111111111E+15", "4.111111111111111E+15")]
    [InlineData("41111111111111.11e2", "41111111111111.11e2")]
    [InlineData("4111111111111111e0", "4111111111111111e0")]
    [InlineData("411111111111111100e-2", "411111111111111100e-2")]
    [InlineData("0.4111111111111111e16", "0.4111111111111111e16")]
    [InlineData("3.7828224631000500e14", "3.7828224631000500e14")]
    [InlineData("4111_1111_1111_1111", "4111_1111_1111_1111")]
    [InlineData("4111\u00A01111\u00A01111\u00A01111", "4111\u00A01111\u00A01111\u00A01111")]
    [InlineData("4111\u20091111\u202F1111\u30001111", "4111\u20091111\u202F1111\u30001111")]
    [InlineData("4111/1111/1111/1111", "4111/1111/1111/1111")]
    [InlineData("4111\n1111\n1111\n1111", "4111\n1111\n1111\n1111")]
    [InlineData("4111\r\n1111\r\n1111\r\n1111", "4111\r\n1111\r\n1111\r\n1111")]
    [InlineData("4111 - 1111 - 1111 - 1111", "4111 - 1111 - 1111 - 1111")]
    [InlineData("4111, 1111, 1111, 1111", "4111, 1111, 1111, 1111")]
    [InlineData("4111\u20131111\u20131111\u20131111", "4111\u20131111\u20131111\u20131111")]
    [InlineData("4111\u22121111\u22C51111\u30FB1111", "4111\u22121111\u22C51111\u30FB1111")]
    [InlineData("4111\u200B1111\u200B1111\u200B1111", "4111\u200B1111\u200B1111\u200B1111")]
    [InlineData("4\u200D1\u20601\uFEFF1\u00AD111111111111", "4\u200D1\u20601\uFEFF1\u00AD111111111111")]
    [InlineData("4111 \u200B1111\u200B 1111 1111", "4111 \u200B1111\u200B 1111 1111")]
    [InlineData("４１１１－１１１１－１１１１－１１１１", "４１１１－１１１１－１１１１－１１１１")]
    [InlineData("٤١١١ ١١١١ ١١١١ ١١١١", "٤١١١ ١١١١ ١١١١ ١١١١")]
    [InlineData("\U0001D7D2\U0001D7CF11111111111111", "\U0001D7D2\U0001D7CF11111111111111")]
    [InlineData("3782/822463/10005", "3782/822463/10005")]
    [InlineData("4.111111111111111e16", null)]
    [InlineData("4.111111111111112e15", null)]
    [InlineData("4111111111111111.000000001", null)]
    [InlineData("4111111111111111e0a", "4111111111111111e0")]
    [InlineData("1.5e15", null)]
    [InlineData("4111    1111    1111    1111", null)]
    [InlineData("4111111111111112", null)]
    [InlineData("0.4111111111111111", null)]
    [InlineData("4111111111111111.5", null)]
    [InlineData("41111111111111110", null)]
    [InlineData("1732200000000", null)]
    [InlineData("4111 11111 111 1111", null)]
    [InlineData("4111  1111  1111  1111", null)]
    public void Card_numbers(string text, string? expected) => Assert.Equal(expected, Found("card_number", text));

    [Theory]
    [InlineData("ann@example.com", "ann@example.com")]
    [InlineData("<a.b+c_d@mail.example.co.uk>", "a.b+c_d@mail.example.co.uk")]
    [InlineData("mailto:josé@exämple.org?x", "josé@exämple.org")]
    [InlineData("ann@localhost", null)]
    [InlineData("@handle and a@b", null)]
    [InlineData("user @ example.com", null)]
    public void E_mail_addresses(string text, string? expected) => Assert.Equal(expected, Found("email", text));

    public static TheoryData<string> Tokens => new()
    {
        "AKIA" + "IOSFODNN7EXAMPLE",
        "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345",
        "github_pat_" + "11ABCDEFG0abcdefghij_KLMNOP",
        "glpat-" + "abcdefghij0123456789",
        "xoxb-" + "123456789012-abcdefABCDEF",
        "https://hooks.slack.com/services/" + "T00000000/B00000000/abcdefgh01",
        "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "c2lnbmF0dXJl",
        "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN " + "PRIVATE KEY-----\nMIIEowIBAAKCAQEA",
        "Authorization: Bearer " + "abcdef0123456789abcdef",
        "authorization: basic " + "dXNlcjpwYXNzd29yZDEyMw==",
        "sk-proj-" + "0123456789abcdefghijABCD",
        "sk_live_" + "0123456789abcdefABCD",
        "AIza" + "SyA0123456789abcdefghijABCDEFGHIJ012",
        "npm_" + "0123456789abcdefghijABCDEFGHIJ012345",
        "SG." + "0123456789abcdefghij." + "0123456789abcdefghij",
        "hf_" + "0123456789abcdefghijABCDEFGHIJ0123",
        "pgw_" + "0123456789abcdefghijAB",
        "DefaultEndpointsProtocol=https;AccountKey="
            + "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq==",
        "postgres://app:" + "hunter2@db.example.com/app",
    };

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Secrets(string token)
    {
        Assert.NotNull(Found("secret", token));
        Assert.NotNull(Found("secret", $"the key is {token}, keep it"));
        Assert.NotNull(Found("secret", $"{{\"key\":\"{token}\"}}"));
    }

    [Theory]
    [InlineData("the bearer of good news")]
    [InlineData("Bearer instrumentalities")]
    [InlineData("a task-list-of-things-that-are-long-enough-1")]
    [InlineData("https://example.com:8080/path@home")]
    [InlineData("ssh://git@example.com/a.git")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----")]
    [InlineData("BEGIN PRIVATE KEY")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("550e8400-e29b-41d4-a716-446655440000")]
    public void Not_secrets(string text) => Assert.Null(Found("secret", text));

    /// <summary>
    /// The formats as regular expressions, which the detector replaced because they take quadratic time. It finds all
    /// that they find in texts that are made of pieces of secrets.
    /// </summary>
    [Fact]
    public void Secrets_covers_what_the_expressions_of_its_formats_find()
    {
        var random = new Random(51);
        var covered = 0;
        for (var round = 0; round < 10_000; round++)
        {
            // Pieces that stand side by side in the list belong together.
            var at = 0;
            var text = string.Concat(Enumerable.Range(0, random.Next(2, 9)).Select(_ =>
            {
                var count = OracleSecrets.Pieces.Length;
                at = random.Next(2) == 0 ? (at + 1) % count : random.Next(count);
                return OracleSecrets.Pieces[at];
            }));
            var found = Spans("secret", text);
            foreach (var span in OracleSecrets.Find(text))
            {
                Assert.True(Enumerable.Range(span.Start, span.Length)
                        .All(at => found.Exists(one => one.Start <= at && one.End > at)),
                    $"{span} of \"{text}\", found {string.Join(", ", found)}");
                covered++;
            }
        }

        Assert.True(covered > 500, $"{covered}");
    }

    [Theory]
    [InlineData("a.b@c.de.5x", "a.b@c.de")]
    [InlineData("x@a@b.example", "a@b.example")]
    [InlineData("a@b.cc@d.ee", "a@b.cc")]
    [InlineData("a@.b.cc", null)]
    [InlineData("a@b..cc", null)]
    [InlineData("a@b.c", null)]
    [InlineData("a@-b.cd-", "a@-b.cd-")]
    public void E_mail_addresses_end_where_their_host_does(string text, string? expected) =>
        Assert.Equal(expected, Found("email", text));

    [Fact]
    public void A_private_key_is_found_to_its_end()
    {
        var key = "-----BEGIN EC " + $"PRIVATE KEY-----\n{Letters}\n-----END EC PRIVATE KEY-----";
        Assert.Equal(key, Found("secret", $"x {key} y"));
    }

    /// <summary>What tools answer on ordinary days: none of it is a card number, a secret or an address.</summary>
    [Fact]
    public void False_alarms_on_ordinary_texts_are_few()
    {
        var texts = OrdinaryTexts.All().ToList();
        foreach (var name in KnownPattern.Names)
        {
            var wrong = texts.Where(text => Found(name, text) is not null).ToList();
            output.WriteLine($"{name}: {wrong.Count} of {texts.Count} texts"
                + (wrong.Count > 0 ? $", such as \"{wrong[0]}\"" : ""));
            Assert.True(wrong.Count * 200 <= texts.Count, $"{name}: {string.Join('\n', wrong)}");
        }
    }

    private static string? Found(string name, string text)
    {
        var found = Spans(name, text);
        return found.Count == 0 ? null : text.Substring(found[0].Start, found[0].Length);
    }

    private static List<TextSpan> Spans(string name, string text)
    {
        var (work, found) = (new WorkBudget(), new List<TextSpan>());
        KnownPattern.Of(name).Find(text, work, found);
        Assert.False(work.IsExhausted);
        return found;
    }
}
