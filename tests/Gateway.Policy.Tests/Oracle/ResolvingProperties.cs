using FsCheck;
using FsCheck.Fluent;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Oracle;

/// <summary>Whatever way a server reads a URI that was allowed, it opens what was allowed.</summary>
public class ResolvingProperties
{
    private const int TestsMax = 20_000;

    private static readonly Gen<string> Piece = Gen.Elements(
        "a", "b.md", "a..b", "public", "secret", "..", ".", "...", "/", "/", "//", "\\", "%2e", "%2E%2e", ".%2e",
        "%252e", "%252E%252e", "%2f", "%2F", "%252f", "%5c", "%255C", "?", "#", ";", "=", "&", ":", "%3f", "%23", "%00",
        "%0a", "\t", "\n", " ", "%20", "\u200b", "%E2%80%8B", "．．", "／", "%25", "/../", "/../../secret/", "/..;/",
        "é", "%C3%A9", "%73ecret");

    private static readonly Gen<string> Uri =
        from root in Gen.Elements(
            "file:///", "file:/", "file://x/", "notes://", "notes:", "notes:/", "memo:", "memo:/", "memo://",
            "http://h/", "https://x.test.", "ws://0x7f.1/", "Notes://")
        from first in Gen.Elements("public/", "public/", "public", "", "public/open/", "secret/")
        from pieces in Piece.ListOf().Resize(7)
        select root + first + string.Concat(pieces);

    [Fact]
    public void No_reader_of_an_allowed_URI_leaves_the_allowed_folder()
    {
        var binding = Bind(Document("""
            "resources": { "allow": ["file:///public/*", "notes://public/*", "memo:public/*"] }
            """));
        var allowed = Run(binding, static path => path.Split('/') is [_, "public", ..]);
        Assert.True(allowed > TestsMax / 50, $"only {allowed} URIs were allowed");
    }

    [Fact]
    public void No_reader_of_an_allowed_URI_comes_to_a_denied_folder()
    {
        var binding = Bind("""
            {"version":"1","default":"allow", "resources": { "deny": [
              "file:///secret", "file:///secret/*", "notes://secret", "notes://secret/*", "memo:secret", "memo:secret/*"
            ] } }
            """);
        var allowed = Run(binding, static path => path.Split('/') is not [_, "secret", ..]);
        Assert.True(allowed > TestsMax / 50, $"only {allowed} URIs were allowed");
    }

    [Fact]
    public void No_reader_of_an_allowed_URI_comes_to_a_denied_folder_within_an_allowed_one()
    {
        var binding = Bind(Document("""
            "resources": {
              "allow": ["file:///public/*", "notes://public/*", "memo:public/*"],
              "deny": ["*://*/public/secret", "*/public/secret/*", "notes://public/secret*", "memo:public/secret*"] }
            """));
        Run(binding, static path => path.Split('/') is [_, "public", var second, ..] && second != "secret"
            || path.Split('/') is [_, "public"]);
    }

    [Fact]
    public void A_plain_URI_has_no_other_spelling_than_the_relative_one()
    {
        var plain = 0;
        Prop.ForAll(Arb.From(Uri), uri =>
        {
            if (!PlainUri.Is(uri))
                return;
            plain++;
            Assert.Equal(new[] { uri, UriSpellings.Relative(uri) }.Distinct(), UriSpellings.All(uri));
            Assert.Equal(PlainUri.Relative(uri), UriSpellings.Relative(uri));
            Assert.Equal(uri, UriSpellings.Plain(uri));
            Assert.Equal(AmbiguousUri.HasStrangeHost(uri), AmbiguousUri.Is(uri));
            Assert.Same(uri, EscapedSeparators.Mark(uri));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(TestsMax));
        Assert.True(plain > TestsMax / 500, $"only {plain} URIs were plain");
    }

    private static int Run(PolicyBinding binding, Func<string, bool> isMeant)
    {
        var allowed = 0;
        Prop.ForAll(Arb.From(Uri), uri =>
        {
            if (About(binding, PolicySubject.Resource, uri).Outcome != DecisionOutcome.Allow)
                return true.Label("denied");
            allowed++;
            var astray = OracleResolvers.All
                .Select(reader => (reader.Name, Path: reader.Resolve(uri)))
                .Where(read => read.Path is not null && !isMeant(read.Path))
                .ToList();
            return (astray.Count == 0).Label($"{uri} was allowed, but {string.Join("; ", astray)}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(TestsMax));
        return allowed;
    }
}
