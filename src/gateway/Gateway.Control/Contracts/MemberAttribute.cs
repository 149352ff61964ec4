namespace Gateway.Control.Contracts;

/// <summary>
/// Declares a member of an object that operators configure. The configuration file's reader, the API, the command line,
/// the console, the schemas and the reference pages take the text, the range and the default from here.
/// </summary>
/// <param name="text">Describes the member to operators, one or two sentences.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MemberAttribute(string text) : Attribute
{
    /// <summary>The description, for every page and form.</summary>
    public string Text { get; } = text;

    /// <summary>A valid value as JSON, for the published schema.</summary>
    public string Example { get; set; } = "";

    /// <summary>The accepted values, or values of a list, the default first; empty for any.</summary>
    public string[] Choices { get; set; } = [];

    /// <summary>Whether the first of the choices means the same as an absent member.</summary>
    public bool HasDefault { get; set; } = true;

    /// <summary>
    /// The shortest text, in characters. With one the reader of the object checks the length of the text that has no
    /// references any more.
    /// </summary>
    public int LengthMin { get; set; }

    /// <summary>The longest text, in characters; 0 if another rule bounds it.</summary>
    public int LengthMax { get; set; }

    /// <summary>The fewest values of a list.</summary>
    public int CountMin { get; set; }

    /// <summary>The most values of a list.</summary>
    public int CountMax { get; set; } = int.MaxValue;

    /// <summary>The longest value of a list, in characters; 0 if nothing bounds it, and it may be empty.</summary>
    public int ValueLengthMax { get; set; }

    /// <summary>The least number.</summary>
    public long Min { get; set; }

    /// <summary>The greatest number.</summary>
    public long Max { get; set; }

    /// <summary>The number that an absent member means; 0 for none.</summary>
    public long Default { get; set; }

    /// <summary>The member that this one needs; null if it stands by itself.</summary>
    public string? BelongsTo { get; set; }

    /// <summary>Whether values of a map may be null.</summary>
    public bool HasNulls { get; set; }

    /// <summary>
    /// The placeholder of the command line's option for the member; null if a verb reads the member itself.
    /// </summary>
    public string? Placeholder { get; set; }

    /// <summary>The name before the release that renamed the member; null if it always had its name.</summary>
    public string? FormerName { get; set; }

    /// <summary>The position among the members of the object; those without one come last.</summary>
    public int Order { get; set; } = int.MaxValue;
}
