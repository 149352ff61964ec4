namespace Gateway.Policy.Tests.Rules;

public class CallerTemplateTests
{
    private static readonly Caller Ana = CallerJson.Read(Encoding.UTF8.GetBytes(
        """
        {"issuer":"corp","subject":"ana","client":"laptop","act":{"subject":"assistant"},
         "claims":{"groups":["agents","sales"],"bad":["a,b"],"none":[],"level":3.50,"ok":true,"city":"São Paulo",
                   "line":"a\r\nX-Admin: 1","padded":" x","empty":"","null":null,"object":{"a":"b"}}}
        """), out _)!;

    [Theory]
    [InlineData("{caller.subject}", "ana")]
    [InlineData("user={caller.subject};client={caller.client}", "user=ana;client=laptop")]
    [InlineData("{grant}/{caller.issuer}", "support/corp")]
    [InlineData("{caller.act.subject}", "assistant")]
    [InlineData("{caller.claims.groups}", "agents,sales")]
    [InlineData("{caller.claims.groups[1]}", "sales")]
    [InlineData("{caller.claims.level}", "3.50")]
    [InlineData("{caller.claims.ok}", "true")]
    [InlineData("{caller.claims[\"level\"]}", "3.50")]
    [InlineData("{caller.claims.object.a}", "b")]
    public void A_template_has_values_of_the_caller(string text, string expected) =>
        Assert.Equal(expected, Parse(text).Format("support", Ana, out _));

    [Theory]
    [InlineData("{caller.claims.email}")]
    [InlineData("{caller.claims.null}")]
    [InlineData("{caller.claims.object}")]
    [InlineData("{caller.claims.empty}")]
    [InlineData("{caller.claims.none}")]
    [InlineData("{caller.claims.bad}")]
    [InlineData("{caller.claims.city}")]
    [InlineData("{caller.claims.line}")]
    [InlineData("{caller.claims.padded}")]
    public void A_value_that_no_header_can_carry_gives_no_text(string text)
    {
        Assert.Null(Parse(text).Format("support", Ana, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void A_caller_without_an_identity_has_only_its_grant()
    {
        Assert.Equal("support", Parse("{grant}").Format("support", null, out _));
        Assert.Null(Parse("{caller.subject}").Format("support", null, out var problem));
        Assert.Contains("caller.subject", problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ana")]
    [InlineData("{caller.subject")]
    [InlineData("caller.subject}")]
    [InlineData("{}")]
    [InlineData("{args.amount}")]
    [InlineData("{caller}")]
    [InlineData("{caller.mail}")]
    [InlineData("{caller.claims}")]
    [InlineData("{caller.claims.groups[*]}")]
    [InlineData("{caller.subject}\r\n")]
    [InlineData("{caller.subject} ü")]
    public void Another_text_is_refused(string text)
    {
        Assert.Null(CallerTemplate.Parse(text, out var problem));
        Assert.NotEmpty(problem);
    }

    private static CallerTemplate Parse(string text) =>
        CallerTemplate.Parse(text, out var problem) ?? throw new InvalidOperationException(problem);
}
