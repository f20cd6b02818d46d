using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Telemetry.Tidy.Tests;

/// <summary>
/// The numbers that sources give to fields and properties, by <c>Type.Member</c>, as far as plain arithmetic goes.
/// Durations are in seconds.
/// </summary>
internal sealed class Constants
{
    private readonly ILookup<string, ExpressionSyntax> _expressions;

    public Constants(IEnumerable<string> sources) =>
        _expressions = sources
            .SelectMany(source => CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes())
            .SelectMany(Initialized)
            .ToLookup(pair => pair.Name, pair => pair.Value);

    /// <summary>All names of one kind of types, those whose name has an ending.</summary>
    public IEnumerable<string> NamesIn(string typeEnding) =>
        _expressions.Select(pair => pair.Key).Where(name => name.Split('.')[0].EndsWith(
            typeEnding, StringComparison.Ordinal));

    /// <summary>The number; null when there is none such, more than one, or more to it than arithmetic.</summary>
    public double? ValueOf(string name)
    {
        ExpressionSyntax[] found = [.. _expressions[name]];
        return found.Length == 1 ? ValueOf(found[0], name.Split('.')[0]) : null;
    }

    private static IEnumerable<(string Name, ExpressionSyntax Value)> Initialized(SyntaxNode node)
    {
        string type = node.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.Text ?? "";
        if (node is PropertyDeclarationSyntax property
            && (property.Initializer?.Value ?? property.ExpressionBody?.Expression) is { } initial)
        {
            yield return ($"{type}.{property.Identifier.Text}", initial);
        }

        foreach (VariableDeclaratorSyntax field in (node as FieldDeclarationSyntax)?.Declaration.Variables ?? default)
        {
            if (field.Initializer is { } initializer)
            {
                yield return ($"{type}.{field.Identifier.Text}", initializer.Value);
            }
        }
    }

    private double? ValueOf(ExpressionSyntax expression, string type) => expression switch
    {
        LiteralExpressionSyntax { Token.Value: { } value } when value is int or long or double =>
            Convert.ToDouble(value, CultureInfo.InvariantCulture),
        ParenthesizedExpressionSyntax inner => ValueOf(inner.Expression, type),
        BinaryExpressionSyntax pair => Combine(
            pair.OperatorToken.Text, ValueOf(pair.Left, type), ValueOf(pair.Right, type)),
        IdentifierNameSyntax name => ValueOf($"{type}.{name.Identifier.Text}"),
        InvocationExpressionSyntax call => ValueOf(call.ArgumentList.Arguments[0].Expression, type)
            * SecondsPer(call.Expression.ToString()),
        MemberAccessExpressionSyntax member => member.ToString() == "ushort.MaxValue"
            ? ushort.MaxValue
            : ValueOf(member.ToString()),
        _ => null,
    };

    private static double? Combine(string sign, double? left, double? right) => sign switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        "<<" => left * Math.Pow(2, right ?? 0),
        _ => null,
    };

    private static double? SecondsPer(string call) => call switch
    {
        "TimeSpan.FromMilliseconds" => 0.001,
        "TimeSpan.FromSeconds" => 1,
        "TimeSpan.FromMinutes" => 60,
        _ => null,
    };
}
