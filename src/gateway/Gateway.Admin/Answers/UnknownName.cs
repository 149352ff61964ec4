using System.Text.Json.Serialization;
using Gateway.Policy.Text;

namespace Gateway.Admin.Answers;

/// <summary>A name that does not exist.</summary>
/// <param name="Kind">What it should name: a grant, a server, a policy.</param>
/// <param name="Name">The name as it was written.</param>
/// <param name="DidYouMean">The name that was probably meant; null where none is near.</param>
internal sealed record UnknownName(string Kind, string Name, string? DidYouMean)
{
    /// <summary>The same sentence wherever a name is unknown.</summary>
    [JsonIgnore]
    public string Sentence => $"There is no {Kind} \"{Spelling.Shorten(Name)}\""
        + (DidYouMean is null ? "." : $"; did you mean \"{DidYouMean}\"?");

    public static UnknownName Of(string kind, string name, IEnumerable<string> known) =>
        new(kind, name, Spelling.Nearest(name, known));
}
