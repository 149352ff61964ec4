namespace Gateway.Control.Contracts;

/// <summary>
/// The declaration of a member of an object that operators configure. The configuration file's reader, the API, the
/// command line, the console, the schemas and the reference pages take the text, the range and the default from here.
/// </summary>
/// <param name="text">The description of the member for operators, one or two sentences.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MemberAttribute(string text) : Attribute
{
    /// <summary>The description, for every page and form.</summary>
    public string Text { get; } = text;

    /// <summary>A valid value as JSON, for the published schema.</summary>
    public string Example { get; set; } = "";

    /// <summary>The label in the console; null for the name in words.</summary>
    public string? Title { get; set; }

    /// <summary>The placeholder of an option that names a file with the value.</summary>
    public const string File = "FILE";

    /// <summary>The placeholder of an option that sets one header, as <c>Name: value</c>.</summary>
    public const string Header = "HEADER";

    /// <summary>The accepted values, or values of a list, the default first; empty to accept any.</summary>
    public string[] Choices { get; set; } = [];

    /// <summary>True if the first of the choices means the same as an absent member.</summary>
    public bool HasDefault { get; set; } = true;

    /// <summary>The word of the command line for an absent choice; null if an option cannot remove it.</summary>
    public string? Absent { get; set; }

    /// <summary>True if a number may be written in place of the text.</summary>
    public bool IsNumber { get; set; }

    /// <summary>
    /// The minimum length of the text, in characters. If it is set, the reader of the object checks the length once
    /// references are expanded.
    /// </summary>
    public int LengthMin { get; set; }

    /// <summary>The maximum length of the text, in characters; 0 if another rule limits it.</summary>
    public int LengthMax { get; set; }

    /// <summary>The minimum number of values of a list.</summary>
    public int CountMin { get; set; }

    /// <summary>The maximum number of values of a list.</summary>
    public int CountMax { get; set; } = int.MaxValue;

    /// <summary>
    /// The maximum length of each value of a list, in characters; 0 for no maximum, which also allows empty values.
    /// </summary>
    public int ValueLengthMax { get; set; }

    /// <summary>The minimum of the number.</summary>
    public long Min { get; set; }

    /// <summary>The maximum of the number.</summary>
    public long Max { get; set; }

    /// <summary>The number that an absent member means; 0 if there is no default.</summary>
    public long Default { get; set; }

    /// <summary>The member that this one requires; null if it requires none.</summary>
    public string? BelongsTo { get; set; }

    /// <summary>True if values of a map may be null.</summary>
    public bool HasNulls { get; set; }

    /// <summary>
    /// The placeholder of the command line's option for the member; null if the command reads the member itself.
    /// </summary>
    public string? Placeholder { get; set; }

    /// <summary>The name of that option without dashes; null for the name that follows from the member's.</summary>
    public string? Option { get; set; }

    /// <summary>True if the value is a credential: it is encrypted at rest, and no response contains it.</summary>
    public bool IsSecret { get; set; }

    /// <summary>The name before the release that renamed the member; null if it was never renamed.</summary>
    public string? FormerName { get; set; }

    /// <summary>The position among the members of the object; members without one come last.</summary>
    public int Order { get; set; } = int.MaxValue;
}
