using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Telemetry.Tidy.Tests;

/// <summary>How types are named, where they stand, and that public ones say what they are.</summary>
public sealed partial class TypeTests
{
    [Fact]
    public void Types_stand_in_their_file_and_room_and_say_what_they_are()
    {
        SourceTree.AssertNone(SourceTree.Files(".cs").SelectMany(path => ComplaintsOf(path, SourceTree.Read(path))));
    }

    [Theory]
    [InlineData("namespace Telemetry.Spool; class Other;", "no type 'Thing'")]
    [InlineData("namespace Telemetry.Spoolery; class Thing;", "namespace 'Telemetry.Spoolery'")]
    [InlineData("namespace Telemetry.Store; class Thing;", "namespace 'Telemetry.Store'")]
    [InlineData("namespace Telemetry.Spool; class Thing { class ThingHelper; }", "'ThingHelper'")]
    [InlineData("namespace Telemetry.Spool; class Thing; enum ThingInfo;", "'ThingInfo'")]
    [InlineData("namespace Telemetry.Spool; public class Thing;", "'Thing' has no summary")]
    [InlineData("namespace Telemetry.Spool;\n/// <summary>A thing</summary>\npublic class Thing;", "no summary")]
    [InlineData("namespace Telemetry.Spool;\n/// <summary></summary>\npublic struct Thing;", "no summary")]
    public void A_breach_is_noticed(string source, string complaint)
    {
        string only = Assert.Single(ComplaintsOf("src/Telemetry.Spool/Thing.cs", source));

        Assert.Contains(complaint, only, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("namespace Telemetry.Spool.Cursors;\n/// <summary>A thing.</summary>\npublic class Thing;")]
    [InlineData("namespace Telemetry.Spool;\n/// <summary>\n/// A\n/// thing.\n/// </summary>\npublic class Thing;")]
    [InlineData("namespace Telemetry.Spool; interface Thing<T>; class Database;")]
    [InlineData("System.Console.WriteLine();")]
    public void What_keeps_the_rules_is_not(string source)
    {
        Assert.Empty(ComplaintsOf("src/Telemetry.Spool/Thing.cs", source));
    }

    private static IEnumerable<string> ComplaintsOf(string path, string source)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(source).GetRoot();
        MemberDeclarationSyntax[] types =
            [.. root.DescendantNodes().OfType<MemberDeclarationSyntax>().Where(node => NameOf(node) is not null)];
        string file = Path.GetFileName(path).Split('.')[0]; // Reader.Tags.cs is a part of Reader
        if (types.Length > 0 && !types.Any(type => NameOf(type) == file))
        {
            yield return $"{path}:1: error: no type '{file}' in it, use the name of the type for the file";
        }

        string room = RoomPattern().Match(path).Groups[1].Value;
        string space = root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString()
            ?? room;
        if (space != room && !space.StartsWith(room + ".", StringComparison.Ordinal))
        {
            yield return $"{path}:1: error: namespace '{space}', use '{room}' or one below it";
        }

        foreach (MemberDeclarationSyntax type in types)
        {
            string place = $"{path}:{type.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
            if (EmptyWordPattern().IsMatch(NameOf(type)!))
            {
                yield return $"{place}: error: '{NameOf(type)}' says nothing about what it does, use a word that does";
            }

            bool isProduct = !path.StartsWith("tests/", StringComparison.Ordinal);
            if (isProduct && IsPublic(type) && !HasSummary(type))
            {
                yield return $"{place}: error: '{NameOf(type)}' has no summary that ends in a full stop, use one";
            }
        }
    }

    private static string? NameOf(MemberDeclarationSyntax node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        _ => null,
    };

    private static bool IsPublic(MemberDeclarationSyntax type) =>
        type.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().Where(node => NameOf(node) is not null)
            .All(node => node.Modifiers.Any(SyntaxKind.PublicKeyword));

    private static bool HasSummary(MemberDeclarationSyntax type) =>
        type.GetLeadingTrivia()
            .Select(trivia => trivia.GetStructure())
            .OfType<DocumentationCommentTriviaSyntax>()
            .SelectMany(comment => comment.Content.OfType<XmlElementSyntax>())
            .Any(element => element.StartTag.Name.ToString() == "summary" && EndsInStop(element));

    private static bool EndsInStop(XmlElementSyntax summary) =>
        summary.Content.ToString().TrimEnd(' ', '/', '\n', '\r').EndsWith('.');

    /// <summary>The project's folder; tests share the namespace of what they test, or end in <c>.Tests</c>.</summary>
    [GeneratedRegex(@"(Telemetry(?:\.[A-Za-z]+)*?)(?:\.Tests)?/")]
    private static partial Regex RoomPattern();

    [GeneratedRegex("(Manager|Helpers?|Util(s|ity)?|Processor|Data|Info)$")]
    private static partial Regex EmptyWordPattern();
}
