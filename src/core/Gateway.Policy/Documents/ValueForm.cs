namespace Gateway.Policy.Documents;

/// <summary>What of a value makes two of them the same.</summary>
internal enum ValueForm
{
    /// <summary>All of it; a number is its canonical decimal.</summary>
    Text,

    /// <summary>All of it, in lower case.</summary>
    Lower,

    /// <summary>Its decimal digits, of whatever script.</summary>
    Digits,

    /// <summary>The number that it is.</summary>
    Number,
}
