"""The tasks of an organisation: who may see, create, complete and delete what."""

import unittest
import uuid

import api
import clients
import directory


class Tasks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.token = {
            (tenant, role): clients.token_of(directory.member(tenant, role))
            for tenant in ("Contoso", "Fabrikam")
            for role in ("Admin", "Editor", "Reader")
        }

    def create(self, who):
        title = f"task {uuid.uuid4()}"
        answer = api.call("POST", "/api/tasks", self.token[who], {"title": title})
        self.assertEqual(answer.status_code, 201, answer.text)
        row = answer.json()
        self.assertEqual(row["title"], title)
        return row

    def ids(self, who):
        answer = api.call("GET", "/api/tasks", self.token[who])
        self.assertEqual(answer.status_code, 200, answer.text)
        return [row["id"] for row in answer.json()]

    def test_a_row_says_whose_it_is(self):
        row = self.create(("Contoso", "Editor"))
        editor = directory.member("Contoso", "Editor")
        self.assertEqual(row["tenant_id"], directory.tenant("Contoso")["id"])
        self.assertEqual((row["owner_id"], row["owner_name"]), (editor["id"], editor["display_name"]))
        self.assertEqual(row["completed"], False)
        self.assertIn("created_at", row)

    def test_an_editor_sees_own_rows_and_an_admin_all_of_the_organisation(self):
        of_editor, of_admin = self.create(("Contoso", "Editor")), self.create(("Contoso", "Admin"))
        self.assertIn(of_editor["id"], self.ids(("Contoso", "Editor")))
        self.assertNotIn(of_admin["id"], self.ids(("Contoso", "Editor")))
        self.assertLessEqual({of_editor["id"], of_admin["id"]}, set(self.ids(("Contoso", "Admin"))))

    def test_a_reader_may_read_and_nothing_else(self):
        row, reader = self.create(("Contoso", "Editor")), self.token["Contoso", "Reader"]
        self.assertNotIn(row["id"], self.ids(("Contoso", "Reader")))
        api.assert_forbidden(api.call("POST", "/api/tasks", reader, {"title": "no"}))
        api.assert_forbidden(api.call("PATCH", f"/api/tasks/{row['id']}", reader, {"completed": True}))
        api.assert_forbidden(api.call("DELETE", f"/api/tasks/{row['id']}", reader))

    def test_an_editor_completes_own_rows_and_deletes_none(self):
        row, editor = self.create(("Contoso", "Editor")), self.token["Contoso", "Editor"]
        done = api.call("PATCH", f"/api/tasks/{row['id']}", editor, {"completed": True})
        self.assertEqual((done.status_code, done.json()["completed"]), (200, True))
        api.assert_forbidden(api.call("DELETE", f"/api/tasks/{row['id']}", editor))

    def test_an_admin_deletes_within_the_organisation(self):
        row, admin = self.create(("Contoso", "Editor")), self.token["Contoso", "Admin"]
        self.assertIn(api.call("DELETE", f"/api/tasks/{row['id']}", admin).status_code, (200, 204))
        self.assertEqual(api.call("GET", f"/api/tasks/{row['id']}", admin).status_code, 404)

    def test_another_organisation_s_row_does_not_exist(self):
        """404 for every method, the same as for an id that nobody has; and it is still there afterwards."""
        row, stranger = self.create(("Contoso", "Editor")), self.token["Fabrikam", "Admin"]
        self.assertNotIn(row["id"], self.ids(("Fabrikam", "Admin")))
        for method, body in (("GET", None), ("PATCH", {"completed": True}), ("DELETE", None)):
            with self.subTest(method=method):
                theirs = api.call(method, f"/api/tasks/{row['id']}", stranger, body)
                nobodys = api.call(method, f"/api/tasks/{uuid.uuid4()}", stranger, body)
                self.assertEqual(theirs.status_code, 404, theirs.text)
                self.assertEqual(api.everything_said(theirs), api.everything_said(nobodys))
        kept = api.call("GET", f"/api/tasks/{row['id']}", self.token["Contoso", "Editor"])
        self.assertEqual((kept.status_code, kept.json()["completed"]), (200, False))

    def test_a_person_without_a_role_is_known_and_may_nothing(self):
        token = clients.token_of(directory.member("Contoso", None))
        self.assertEqual(api.me(token).json()["permissions"], [])
        api.assert_forbidden(api.call("GET", "/api/tasks", token))
        api.assert_forbidden(api.call("POST", "/api/tasks", token, {"title": "no"}))


if __name__ == "__main__":
    unittest.main()
