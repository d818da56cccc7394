//! Files. T-145, T-146.

use std::os::unix::fs::PermissionsExt as _;

use super::*;

async fn count(files: &Files, tenant: Uuid) -> i64 {
    let mut transaction = files.begin(tenant).await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM tasks").fetch_one(&mut *transaction).await.unwrap()
}

async fn add(files: &Files, tenant: Uuid) {
    let mut transaction = files.begin(tenant).await.unwrap();
    let insert = "INSERT INTO tasks VALUES ($1, $2, 't', false, 'o', 'n', 0)";
    sqlx::query(insert).bind(tenant).bind(Uuid::new_v4()).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn all_files_are_the_owners_alone() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("made/for/us");
    let files = Files::in_directory(&path).unwrap();
    add(&files, Uuid::from_u128(1)).await;

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    let mut names = Vec::new();
    for entry in fs::read_dir(&path).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(mode(&entry.path()), 0o600, "{:?}", entry.path());
        names.push(entry.file_name().into_string().unwrap());
    }
    names.sort();
    let file = "00000000-0000-0000-0000-000000000001.db";
    assert_eq!(names, [file, &format!("{file}-shm"), &format!("{file}-wal"), "lock"], "journals included");
}

#[tokio::test]
async fn a_copied_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let files = Files::in_directory(directory.path()).unwrap();
    add(&files, one).await;
    files.close().await;
    let path = |tenant| directory.path().join(format!("{tenant}.db"));
    fs::copy(path(one), path(two)).unwrap();
    assert!(matches!(files.begin(two).await, Err(StoreError::WrongTenant { named, .. }) if named == two));
    assert_eq!(count(&files, one).await, 1);
}

#[tokio::test]
async fn a_directory_is_one_processs_alone() {
    let directory = tempfile::tempdir().unwrap();
    let files = Files::in_directory(directory.path()).unwrap();
    assert!(matches!(Files::in_directory(directory.path()), Err(StoreError::InUse(_))));
    drop(files);
    assert!(Files::in_directory(directory.path()).is_ok());
}

#[test]
fn a_file_in_the_place_of_the_directory_is_an_error_that_names_it() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("tasks.db");
    fs::write(&file, "").unwrap();
    let error = Files::in_directory(&file).unwrap_err().to_string();
    assert!(error.contains("tasks.db") && error.contains("File exists"), "{error}");
}

/// More tenants than open files: what was put aside is still there.
#[tokio::test]
async fn tenants_beyond_the_bound_take_turns() {
    let files = Files::temporary().unwrap();
    let tenants = || (0..OPEN_FILES_MAX as u128 + 6).map(Uuid::from_u128);
    for tenant in tenants() {
        add(&files, tenant).await;
    }
    assert_eq!(files.open.lock().unwrap().len(), OPEN_FILES_MAX);
    for tenant in tenants() {
        assert_eq!(count(&files, tenant).await, 1);
    }
}

/// Many first requests of one tenant at once make one file, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_tenants_requests_may_come_all_at_once() {
    let files = Arc::new(Files::temporary().unwrap());
    let tenant = Uuid::from_u128(1);
    let adding: Vec<_> = (0..40)
        .map(|_| {
            let files = files.clone();
            tokio::spawn(async move { add(&files, tenant).await })
        })
        .collect();
    for task in adding {
        task.await.unwrap();
    }
    assert_eq!(count(&files, tenant).await, 40);
}

#[tokio::test]
async fn a_temporary_directory_goes_away() {
    let files = Files::temporary().unwrap();
    let path = files.directory.path.clone();
    add(&files, Uuid::from_u128(1)).await;
    assert!(path.is_dir());
    drop(files);
    assert!(!path.exists());
}
