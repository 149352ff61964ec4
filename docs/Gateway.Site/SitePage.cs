using Markdig.Syntax;

namespace Gateway.Site;

/// <summary>One document on its way to be a page.</summary>
/// <param name="Source">Its path below the root, with forward slashes.</param>
/// <param name="Name">The page's path below the site.</param>
/// <param name="Group">Under which heading the navigation has it.</param>
/// <param name="Title">What the navigation calls it.</param>
/// <param name="Document">What was read.</param>
internal sealed record SitePage(string Source, string Name, string Group, string Title, MarkdownDocument Document)
{
    /// <summary>From this page up to the site's root: empty, or <c>../</c>.</summary>
    public string Up => string.Concat(Enumerable.Repeat("../", Name.Count(static c => c == '/')));
}
