using Gateway.Policy.Patterns;

namespace Gateway.Policy.Tests.Patterns;

public class PlainUriTests
{
    [Theory]
    [InlineData("file:///a/b?c#d", "file:///a/b?c#d")]
    [InlineData("FILE:///A/b", "file:///A/b")]
    [InlineData("HTTP://Host:80/A?B#C", "http://host:80/A?B#C")]
    [InlineData("http://Host?A", "http://host?A")]
    [InlineData("http://h/%41%2f%2E%2e/b", "http://h/b")]
    [InlineData("http://h/a/./b/../c/.", "http://h/a/c/")]
    [InlineData("http://h/../../a", "http://h/a")]
    [InlineData("http://h/a%3f/../b", "http://h/b")]
    [InlineData("http://h/a?x=/../%41", "http://h/a?x=/../A")]
    [InlineData("http://h\\a\\..\\b", "http://h/b")]
    [InlineData("URN:Isbn:1%41", "urn:Isbn:1A")]
    [InlineData("http://h/%zz%4", "http://h/%zz%4")]
    [InlineData("http://h/%C3%A9", "http://h/é")]
    [InlineData("", "")]
    [InlineData("%41", "A")]
    public void Rewrites_a_URI_as_a_server_may_read_it(string uri, string plain) =>
        Assert.Equal(plain, PlainUri.Of(uri));

    [Fact]
    public void What_is_plain_is_left_alone()
    {
        const string uri = "file:///a/b?c#d";
        Assert.Same(uri, PlainUri.Of(uri));
    }
}
