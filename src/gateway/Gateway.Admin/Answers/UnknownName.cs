using System.Text.Json.Serialization;
using Gateway.Policy.Text;

namespace Gateway.Admin.Answers;

/// <summary>A name that does not exist.</summary>
/// <param name="Kind">The kind of object that it should name: a grant, a server, a policy.</param>
/// <param name="Name">The name as the request contained it.</param>
/// <param name="DidYouMean">The closest existing name; null if none is similar.</param>
internal sealed record UnknownName(string Kind, string Name, string? DidYouMean)
{
    /// <summary>The sentence about an unknown name, which all messages share.</summary>
    [JsonIgnore]
    public string Sentence => $"There is no {Kind} \"{Spelling.Shorten(Name)}\""
        + (DidYouMean is null ? "." : $"; did you mean \"{DidYouMean}\"?");

    public static UnknownName Of(string kind, string name, IEnumerable<string> known) =>
        new(kind, name, Spelling.Nearest(name, known));
}
